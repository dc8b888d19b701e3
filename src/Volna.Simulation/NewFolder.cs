namespace Volna.Simulation;

/// <summary>A folder that is filled whole or stays as it was: what is written stands aside until <see cref="Keep"/>, and is gone after <see cref="Dispose"/>.</summary>
sealed class NewFolder : IDisposable
{
    const string Unfinished = ".unfinished";

    readonly string _folder;
    readonly bool _wasThere;

    /// <exception cref="BadInputException">The folder holds something, or can't be one.</exception>
    public NewFolder(string folder)
    {
        RequireEmpty(folder);
        _folder = Path.TrimEndingDirectorySeparator(folder);

        // A folder that is there is filled, not replaced: it may be a mounted disk, or the one where the caller stands.
        _wasThere = Directory.Exists(_folder);
        Work = _wasThere ? Path.Combine(_folder, Unfinished) : _folder + Unfinished;
        Dispose();
        Directory.CreateDirectory(Work);
    }

    /// <summary>Where to write.</summary>
    public string Work { get; }

    /// <summary>Refuses a folder that holds something; what a killed run left unfinished in it doesn't count.</summary>
    /// <exception cref="BadInputException">The folder holds something, or can't be one.</exception>
    public static void RequireEmpty(string folder)
    {
        RequireFolder(folder);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(entry => Path.GetFileName(entry) != Unfinished))
            throw new BadInputException("out-not-empty", new Text(
                $"{folder}: holds something already; name a new or empty folder with --out.",
                $"{folder}: уже что-то содержит; укажите в --out новую или пустую папку."));
    }

    /// <summary>Refuses what is a file or lies under one.</summary>
    /// <param name="option">By which it was named.</param>
    /// <exception cref="BadInputException">It can't be a folder.</exception>
    public static void RequireFolder(string folder, string option = "--out")
    {
        if (folder.Length == 0) throw new BadInputException("out-empty", new Text($"{option}: found nothing, expected a folder.", $"{option}: ничего не указано, ожидается папка."));
        for (var at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
            if (File.Exists(at))
                throw new BadInputException("out-is-file", new Text($"{option} {folder}: {at} is a file, expected a folder.", $"{option} {folder}: {at} — файл, а ожидается папка."));
    }

    /// <summary>What was written becomes the folder's content.</summary>
    public void Keep()
    {
        if (!_wasThere)
        {
            Directory.Move(Work, _folder);
            return;
        }

        foreach (var entry in new DirectoryInfo(Work).EnumerateFileSystemInfos().ToList())
        {
            var to = Path.Combine(_folder, entry.Name);
            if (entry is DirectoryInfo directory) directory.MoveTo(to);
            else ((FileInfo)entry).MoveTo(to);
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(Work)) Directory.Delete(Work, recursive: true);
    }
}
