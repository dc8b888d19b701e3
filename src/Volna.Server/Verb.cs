using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Spectre.Console;
using Volna.Publishing;
using Volna.Redemptions.Journal;

namespace Volna.Server;

/// <summary>What the program's verbs share: common options, exit codes, and how failures are told.</summary>
sealed class Verb
{
    /// <summary>Exit codes: 0 done, 1 part of it failed, 2 failed, 3 refused by a guard.</summary>
    public const int Done = 0, PartFailed = 1, Failed = 2, Refused = 3;

    readonly Dictionary<Command, string[]> _examples = [];
    readonly Option<string> _data;
    readonly Option<bool> _json;
    readonly Option<bool> _dryRun;

    public Verb(Language language)
    {
        Language = language;
        _data = new Option<string>("--data")
        {
            Description = In("Folder with the data", "Папка с данными"),
            HelpName = "DIR",
            DefaultValueFactory = _ => "volna-data",
            Recursive = true,
        };
        _json = new Option<bool>("--json") { Description = In("Print the result as JSON", "Вывести результат в формате JSON"), Recursive = true };
        _dryRun = new Option<bool>("--dry-run") { Description = In("Say what would be done, change nothing", "Показать, что будет сделано, ничего не меняя"), Recursive = true };
        Postgres = new Option<string?>("--postgres")
        {
            Description = In(
                $"PostgreSQL database for the tills' journal (default: {PostgresVariable}, else a file in the data folder)",
                $"База PostgreSQL для журнала касс (по умолчанию — {PostgresVariable}, иначе файл в папке данных)"),
            HelpName = "CONNECTION",
        };
        var lang = new Option<string>("--lang") { Description = In("Language: en or ru", "Язык: en или ru"), HelpName = "en|ru", Recursive = true };
        lang.AcceptOnlyFromAmong("en", "ru");
        Common = [_data, _json, _dryRun, lang];
    }

    public Language Language { get; }

    /// <summary>For the verbs of tills; where the variable names one, all verbs use it.</summary>
    public Option<string?> Postgres { get; }

    /// <summary>The options that every verb takes.</summary>
    public IReadOnlyList<Option> Common { get; }

    /// <summary>Connection string of the tills' journal, as it isn't seen in a list of processes.</summary>
    public const string PostgresVariable = "VOLNA_POSTGRES";

    static string? FromVariable() => Environment.GetEnvironmentVariable(PostgresVariable) is { Length: > 0 } given ? given : null;

    /// <summary>True where the command line names a data folder, false where the default stands.</summary>
    public bool DataIsGiven(ParseResult parsed) => parsed.GetResult(_data) is { Implicit: false };

    public string In(string english, string russian) => new Text(english, russian).In(Language);

    /// <summary>Refuses what isn't a whole number within bounds.</summary>
    public void InBounds<T>(Option<T> option, long least, long most) => option.Validators.Add(result =>
    {
        foreach (var token in result.Tokens)
            if (!(long.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most))
                result.AddError(In($"{option.Name}: found '{token.Value}', expected {least} to {most}.", $"{option.Name}: найдено «{token.Value}», ожидалось целое число от {least} до {most}."));
    });

    /// <summary>A verb with its description and examples.</summary>
    /// <param name="examples">Command lines as one would type them.</param>
    public Command Create(string name, Text description, params string[] examples)
    {
        var command = new Command(name, description.In(Language));
        _examples[command] = examples;
        return command;
    }

    /// <summary>Help that ends with the verb's examples.</summary>
    public HelpOption Help() => new()
    {
        Description = In("Show help and examples", "Показать справку и примеры"),
        Action = new HelpWithExamples(_examples, Language),
    };

    /// <summary>Gives a verb its work; failures become one sentence and an exit code.</summary>
    public void SetAction(Command command, Func<ParseResult, Shell, int> work) =>
        SetAsyncAction(command, (parsed, shell) => Task.Run(() => work(parsed, shell)));

    /// <inheritdoc cref="SetAction"/>
    public void SetAsyncAction(Command command, Func<ParseResult, Shell, Task<int>> work) =>
        command.SetAction(async (parsed, stop) =>
        {
            var remarks = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) });

            // A file has no right edge at which a path would have to be broken.
            if (System.Console.IsErrorRedirected) remarks.Profile.Width = int.MaxValue;
            var shell = new Shell(
                Language, new DataFolder(parsed.GetValue(_data)!) { TillPostgres = parsed.GetValue(Postgres) ?? FromVariable() }, parsed.GetValue(_json), parsed.GetValue(_dryRun), System.Console.Out, remarks, TimeProvider.System, stop);
            try
            {
                return await work(parsed, shell);
            }
            catch (Exception failure) when (Explain(failure, shell.Folder) is var (exitCode, sentence))
            {
                System.Console.Error.WriteLine("volna: " + sentence.In(Language));
                return exitCode;
            }
            catch (Exception defect)
            {
                System.Console.Error.WriteLine("volna: " + In("a defect of the program; please report it with these lines:", "ошибка в программе; пожалуйста, сообщите о ней, приложив эти строки:"));
                System.Console.Error.WriteLine(defect);
                return Failed;
            }
        });

    /// <summary>The exit code and sentence of an expected failure; null for a mistake of our own, which shall be seen with its trace.</summary>
    internal static (int ExitCode, Text Sentence)? Explain(Exception failure, DataFolder folder) => failure switch
    {
        BadInputException bad => (Failed, bad.Sentence),
        JournalLostException lost => (Failed, lost.Sentence),
        OffersUnavailableException unavailable => (Failed, unavailable.Why),
        GuardException guard => (Refused, guard.Sentence),
        OperationCanceledException => (Failed, new Text("stopped; nothing half-written is left, the same command goes on.", "остановлено; ничего недописанного не осталось, та же команда продолжит.")),
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL } or IOException { HResult: 28 } => (Failed, new Text(
            $"{folder.Root}: no space left on the disk; free some and run the same command again.",
            $"{folder.Root}: на диске нет места; освободите его и повторите ту же команду.")),
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN } => (Failed, NotWritable(failure, folder)),
        UnauthorizedAccessException or IOException { HResult: 30 } when failure.Message.Contains(Path.GetFullPath(folder.Root), StringComparison.Ordinal) => (Failed, NotWritable(failure, folder)),
        UnauthorizedAccessException or (IOException and not EndOfStreamException) => (Failed, new Text(
            $"a file can't be read or written: {failure.Message.TrimEnd('.')}; check its path and rights.",
            $"файл не читается или не записывается: {failure.Message.TrimEnd('.')}; проверьте путь и права.")),
        AggregateException many when many.InnerExceptions.All(one => Explain(one, folder) is not null) => Explain(many.InnerExceptions[0], folder),
        _ => null,
    };

    static Text NotWritable(Exception failure, DataFolder folder) => new(
        $"{folder.Root}: can't be written ({failure.Message}); check the rights of the folder.",
        $"{folder.Root}: запись невозможна ({failure.Message}); проверьте права на папку.");

    sealed class HelpWithExamples(Dictionary<Command, string[]> examples, Language language) : SynchronousCommandLineAction
    {
        // Words that the library's Russian leaves in English; what is made longer must not break the lines of a terminal, nor the columns.
        static readonly (string English, string Russian)[] s_words =
            [("Description:", "Описание:"), ("(REQUIRED)", "(обязат.) "), ("[command]", "[команда]"), ("[options]", "[параметры]"), ("[default: ", "[по умолчанию: ")];

        readonly HelpAction _help = new();

        // Who asks for help needn't give what is required.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var output = parseResult.InvocationConfiguration.Output;
            var help = new StringWriter();
            parseResult.InvocationConfiguration.Output = help;
            if (language == Language.Russian) _help.MaxWidth -= "по умолчанию".Length - "default".Length;
            var exitCode = _help.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output = output;
            output.Write(language == Language.English ? help.ToString() : s_words.Aggregate(help.ToString(), (text, word) => text.Replace(word.English, word.Russian, StringComparison.Ordinal)));
            if (examples.TryGetValue(parseResult.CommandResult.Command, out var lines) && lines.Length > 0)
            {
                output.WriteLine(new Text("Examples:", "Примеры:").In(language));
                foreach (var line in lines) output.WriteLine("  " + line);
                output.WriteLine();
            }

            return exitCode;
        }
    }
}
