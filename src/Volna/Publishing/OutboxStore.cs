using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using Volna.Kernels;

namespace Volna.Publishing;

/// <summary>
/// A wave's folder in the outbox. It is written aside and put in place whole, so a folder that stands is complete; what a broken-off run left is
/// thrown away by the next.
/// </summary>
sealed class OutboxStore : IDisposable
{
    readonly string _folder, _aside;
    readonly int _limit;
    readonly CardTemplates _templates;
    readonly int[] _single;
    readonly IReadOnlyList<string> _channels;
    readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    readonly StreamWriter _recipients;
    readonly StreamWriter? _app, _email, _print;
    readonly string _mboxDate;

    /// <param name="channels">Of the plan: <c>app</c>, <c>email</c>, <c>print</c>.</param>
    /// <param name="limit">So many customers a channel get files of their own.</param>
    public OutboxStore(DataFolder data, string wave, IReadOnlyList<string> channels, int limit, DateTimeOffset date, CardTemplates templates)
    {
        _folder = Folder(data, wave);
        _aside = _folder + ".unfinished";
        _limit = limit;
        _templates = templates;
        _channels = channels;
        _single = new int[channels.Count];
        _mboxDate = date.UtcDateTime.ToString("ddd MMM dd HH:mm:ss yyyy", CultureInfo.InvariantCulture);
        if (Directory.Exists(_aside)) Directory.Delete(_aside, recursive: true);
        Directory.CreateDirectory(_aside);
        _recipients = Open("recipients.jsonl")!;
        _app = channels.Contains("app") ? Open("app.jsonl") : null;
        _email = channels.Contains("email") ? Open("email.mbox") : null;
        _print = channels.Contains("print") ? Open("print.jsonl") : null;
        foreach (var channel in channels) Directory.CreateDirectory($"{_aside}/{channel}");
    }

    /// <summary>True if a wave's folder stands.</summary>
    public static bool IsComplete(DataFolder data, string wave) => Directory.Exists(Folder(data, wave));

    public static string Folder(DataFolder data, string wave) => $"{data.Outbox}/{wave}";

    public void Add(Messages messages)
    {
        _recipients.Write(JsonSerializer.Serialize(
            new Dictionary<string, string>([new("customer", messages.Card.Customer), .. _channels.Select((channel, i) => KeyValuePair.Create(channel, messages.States[i].Code()))]), Composer.Json));
        _recipients.Write('\n');
        var name = FileName(messages.Card.Customer);
        // On some systems two names that differ in case are one file.
        if (!_names.Add(name)) name = Hashed(messages.Card.Customer);
        for (var i = 0; i < _channels.Count; i++)
        {
            if (messages.States[i] != ChannelState.Written) continue;
            var single = _single[i]++ < _limit ? $"{_aside}/{_channels[i]}/{name}" : null;
            switch (_channels[i])
            {
                case "app":
                    // The card as data, with its HTML as one more member.
                    _app!.Write($"{messages.CardJson![..^1]},\"html\":{JsonSerializer.Serialize(messages.CardHtml, Composer.Json)}}}\n");
                    if (single is null) break;
                    File.WriteAllText(single + ".json", messages.CardJson);
                    File.WriteAllText(single + ".html", _templates.PageHtml(messages.Card));
                    break;
                case "email":
                    // No line of a letter begins with "From ", because its parts are in base 64.
                    _email!.Write($"From MAILER-DAEMON {_mboxDate}\n{messages.Letter!.Replace("\r\n", "\n", StringComparison.Ordinal)}\n");
                    if (single is not null) File.WriteAllText(single + ".eml", messages.Letter);
                    break;
                case "print":
                    _print!.Write(JsonSerializer.Serialize(new { messages.Card.Customer, Columns32 = messages.Print32, Columns48 = messages.Print48 }, Composer.Json));
                    _print.Write('\n');
                    if (single is null) break;
                    File.WriteAllText(single + "-32.txt", messages.Print32);
                    File.WriteAllText(single + "-48.txt", messages.Print48);
                    break;
                default:
                    throw new InvalidOperationException($"There is no channel {_channels[i]}.");
            }
        }
    }

    /// <summary>Puts the folder in place.</summary>
    public void Commit(string readme)
    {
        File.WriteAllText($"{_aside}/README.md", readme);
        foreach (var writer in Writers())
        {
            writer.Flush();
            ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
            writer.Dispose();
        }

        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        Directory.Move(_aside, _folder);
    }

    public void Dispose()
    {
        foreach (var writer in Writers()) writer.Dispose();
        if (Directory.Exists(_aside)) Directory.Delete(_aside, recursive: true);
    }

    /// <summary>A key as a file name where it is one on every system, else its hash.</summary>
    internal static string FileName(string customer) =>
        customer.Length is > 0 and <= 64 && customer.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '_' or '-') ? customer : Hashed(customer);

    static string Hashed(string customer) => string.Create(CultureInfo.InvariantCulture, $"key.{Hash64.Of(customer):x16}");

    StreamWriter Open(string name) => new($"{_aside}/{name}", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        BufferSize = 1 << 18,
    });

    IEnumerable<StreamWriter> Writers() => ((StreamWriter?[])[_recipients, _app, _email, _print]).OfType<StreamWriter>();
}
