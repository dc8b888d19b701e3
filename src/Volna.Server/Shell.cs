using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Volna.Server;

/// <summary>What every verb has at hand: language, data folder, where data goes (stdout) and where progress and remarks go (stderr).</summary>
sealed class Shell(Language language, DataFolder folder, bool json, bool dryRun, TextWriter data, IAnsiConsole remarks, TimeProvider time, CancellationToken stop)
{
    /// <summary>JSON as the program prints it: camel case, enums by name, money as numbers of minor units, readable Cyrillic.</summary>
    public static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public Language Language { get; } = language;

    public DataFolder Folder { get; } = folder;

    /// <summary>True where data shall be printed as JSON.</summary>
    public bool Json { get; } = json;

    /// <summary>True where nothing shall be changed.</summary>
    public bool DryRun { get; } = dryRun;

    public TimeProvider Time { get; } = time;

    /// <summary>Set by Ctrl-C.</summary>
    public CancellationToken Stop { get; } = stop;

    /// <summary>A text in the shell's language.</summary>
    public string In(string english, string russian) => new Text(english, russian).In(Language);

    /// <summary>stdout.</summary>
    public TextWriter Data { get; } = data;

    /// <summary>A remark for a person, on stderr.</summary>
    public void Say(Text remark) => remarks.MarkupLineInterpolated($"{remark.In(Language)}");

    public void PrintJson(object value) => Data.WriteLine(JsonSerializer.Serialize(value, JsonOptions));

    /// <summary>A table on stdout; numbers belong in columns aligned to the right.</summary>
    public void Print(Table table)
    {
        // Where the output isn't a terminal: wide enough for any row, because a file has no right edge, and no colours.
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Data),
            Ansi = System.Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        if (System.Console.IsOutputRedirected) console.Profile.Width = 200;
        console.Write(table);
    }

    /// <summary>The state database of the folder.</summary>
    /// <exception cref="BadInputException">The folder holds none: nothing was imported yet.</exception>
    public StateStore OpenState()
    {
        if (!StateStore.Exists(Folder))
            throw new BadInputException("no-data", new Text(
                $"{Folder.Root}: holds no Volna data; run `volna import FILE...` first, or name another folder with --data.",
                $"{Folder.Root}: здесь нет данных Volna; сначала выполните `volna import ФАЙЛ...` или укажите другую папку через --data."));
        return StateStore.Open(Folder);
    }

    /// <summary>Runs long work with a bar for each of its steps: share, count, rate, time left.</summary>
    public T WithProgress<T>(Func<IProgress<StepProgress>, T> work)
    {
        if (System.Console.IsErrorRedirected) return work(new NoProgress());
        var result = default(T);
        remarks.Progress()
            .AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RateColumn(Language), new RemainingTimeColumn())
            .Start(context => result = work(new Bars(context, Language)));
        return result!;
    }

    sealed class NoProgress : IProgress<StepProgress>
    {
        public void Report(StepProgress value)
        {
        }
    }

    sealed class Bars(ProgressContext context, Language language) : IProgress<StepProgress>
    {
        readonly Dictionary<string, ProgressTask> _tasks = [];
        readonly Lock _lock = new();

        public void Report(StepProgress value)
        {
            lock (_lock)
            {
                var name = value.Step.In(language);
                if (!_tasks.TryGetValue(name, out var task))
                {
                    foreach (var earlier in _tasks.Values) earlier.Value = earlier.MaxValue;
                    _tasks[name] = task = context.AddTask($"{name}, {value.Unit.In(language)}");
                }

                task.IsIndeterminate = value.Total is null;
                if (value.Total is { } total) task.MaxValue = Math.Max(total, 1);
                task.State.Update<long>("done", _ => value.Done);
                task.Value = value.Done;
            }
        }
    }

    sealed class RateColumn(Language language) : ProgressColumn
    {
        public override Spectre.Console.Rendering.IRenderable Render(Spectre.Console.Rendering.RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var done = task.State.Get<long>("done");
            var seconds = (task.ElapsedTime ?? TimeSpan.Zero).TotalSeconds;
            var rate = seconds > 0.5 ? done / seconds : 0;
            var count = done.ToString("N0", language.Culture());
            return new Spectre.Console.Text(rate > 0 ? $"{count} ({rate.ToString("N0", language.Culture())}/{(language == Language.Russian ? "с" : "s")})" : count);
        }
    }
}
