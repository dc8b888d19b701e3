namespace Volna.Tests.PowerLoss;

/// <summary>
/// All that SQLite did to the files of a folder, in order, so that a power loss can be played at any moment: what was synced is there, of what was
/// written later a random part is, torn at sectors of 512 bytes.
/// </summary>
sealed class Recording
{
    const int Sector = 512;

    readonly Lock _lock = new();
    readonly Dictionary<string, byte[]> _before;
    readonly List<Step> _steps = [];

    public Recording(string folder)
    {
        Folder = folder;
        _before = Directory.GetFiles(folder).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllBytes);
    }

    public enum Kind
    {
        Write,
        Truncate,
        Sync,
        Delete,
    }

    readonly record struct Step(Kind Kind, string File, long At, byte[]? Bytes);

    public string Folder { get; }

    public int Steps
    {
        get
        {
            lock (_lock) return _steps.Count;
        }
    }

    public void Add(Kind kind, string file, long at = 0, byte[]? bytes = null)
    {
        lock (_lock) _steps.Add(new Step(kind, file, at, bytes));
    }

    /// <summary>Writes the files as the disk holds them after the power went off behind the first so many steps.</summary>
    public void LosePower(int steps, Random random, string into)
    {
        var survives = random.Next(4) / 3.0;
        foreach (var file in _steps.Take(steps).Select(step => step.File).Concat(_before.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            var synced = _steps.Take(steps).ToList().FindLastIndex(step => step.File == file && step.Kind == Kind.Sync);
            var content = new MemoryStream();
            content.Write(_before.GetValueOrDefault(file, []));
            var exists = _before.ContainsKey(file);
            for (var number = 0; number < steps; number++)
            {
                var step = _steps[number];
                if (step.File != file) continue;
                if (step.Kind == Kind.Delete)
                {
                    exists = false;
                    content.SetLength(0);
                }
                else if (step.Kind == Kind.Truncate)
                {
                    if (number <= synced || random.NextDouble() < survives) content.SetLength(step.At);
                }
                else if (step.Kind == Kind.Write)
                {
                    exists = true;
                    Write(content, step, number <= synced ? 1 : survives, random);
                }
            }

            if (exists) File.WriteAllBytes(Path.Combine(into, file), content.ToArray());
        }
    }

    static void Write(MemoryStream content, Step step, double survives, Random random)
    {
        for (var at = step.At; at < step.At + step.Bytes!.Length;)
        {
            var end = Math.Min((at / Sector * Sector) + Sector, step.At + step.Bytes.Length);
            if (survives >= 1 || random.NextDouble() < survives)
            {
                content.Position = at;
                content.Write(step.Bytes, (int)(at - step.At), (int)(end - at));
            }

            at = end;
        }
    }
}
