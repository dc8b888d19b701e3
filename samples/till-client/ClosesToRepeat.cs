using System.Text.Json;

namespace Volna.Samples;

/// <summary>
/// Receipts that were paid and whose close isn't acknowledged yet: a file of JSON lines on the till's own disk, written through before the customer
/// leaves. A line taken out is a line "done" added, so a power loss in between only repeats a call that may be repeated.
/// </summary>
public sealed class ClosesToRepeat : IDisposable
{
    readonly string _path;
    readonly Lock _lock = new();
    readonly Dictionary<string, Receipt> _waiting = [];
    FileStream _file;

    public ClosesToRepeat(string path)
    {
        _path = path;
        if (File.Exists(path))
            foreach (var line in File.ReadLines(path))
                if (Read(line) is var (receipt, isDone))
                {
                    if (isDone) _waiting.Remove(receipt.Id);
                    else _waiting[receipt.Id] = receipt;
                }

        // Begun anew with what still waits, so that the file doesn't grow for ever.
        var aside = path + ".new";
        using (var file = new FileStream(aside, FileMode.Create))
        {
            foreach (var receipt in _waiting.Values) Write(file, receipt, isDone: false);
        }

        File.Move(aside, path, overwrite: true);
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    public IReadOnlyList<Receipt> Waiting
    {
        get
        {
            lock (_lock) return [.. _waiting.Values];
        }
    }

    /// <summary>Keeps a receipt durably.</summary>
    public void Add(Receipt receipt)
    {
        lock (_lock)
        {
            Write(_file, receipt, isDone: false);
            _waiting[receipt.Id] = receipt;
        }
    }

    public void Remove(Receipt receipt)
    {
        lock (_lock)
        {
            Write(_file, receipt, isDone: true);
            _waiting.Remove(receipt.Id);
        }
    }

    public void Dispose() => _file.Dispose();

    sealed record Entry(Receipt Receipt, bool IsDone);

    static void Write(FileStream file, Receipt receipt, bool isDone)
    {
        JsonSerializer.Serialize(file, new Entry(receipt, isDone), JsonSerializerOptions.Web);
        file.WriteByte((byte)'\n');
        file.Flush(flushToDisk: true);
    }

    /// <summary>Null for the torn last line that a power loss leaves: its receipt wasn't acknowledged to anybody.</summary>
    static (Receipt Receipt, bool IsDone)? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(line, JsonSerializerOptions.Web) is { } entry ? (entry.Receipt, entry.IsDone) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
