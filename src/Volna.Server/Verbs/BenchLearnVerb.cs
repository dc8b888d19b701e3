using System.CommandLine;
using Spectre.Console;
using Volna.Kernels;
using Volna.Learning;
using Volna.Learning.Factors;
using Volna.Learning.Sequences;

namespace Volna.Server.Verbs;

/// <summary><c>volna bench learn</c>: the inner loops of learning on made-up purchases, one thread, in seconds of processor time.</summary>
static class BenchLearnVerb
{
    const int Products = 20_000, Factors = 64;

    /// <param name="PerSecond">Of the unit, in a second of processor time.</param>
    sealed record Figure(string Name, Text Unit, double PerSecond, double Seconds);

    public static Command Create(Verb verb)
    {
        var customers = new Option<int>("--customers") { Description = verb.In("Customers, with about 19 products each", "Покупателей, примерно по 19 товаров"), HelpName = "N", DefaultValueFactory = _ => 200_000 };
        var command = verb.Create(
            "learn", new Text("The inner loops of learning, one thread: exact best products, item-to-item, ALS.", "Внутренние циклы обучения, один поток: точный выбор лучших товаров, товар к товару, ALS."),
            "volna bench learn --json");
        command.Options.Add(customers);
        verb.SetAction(command, (parsed, shell) => Measure(shell, parsed.GetValue(customers)));
        return command;
    }

    static int Measure(Shell shell, int count)
    {
        var alone = new ParallelOptions { MaxDegreeOfParallelism = 1, CancellationToken = shell.Stop };
        var customers = MakeUp(count);
        var pairs = customers.Sum(customer => (long)customer.Length);
        var few = customers.GetRange(0, Math.Min(count, 5_000));

        // What is measured has run before: the compiler's time is not the loop's.
        SequenceModel.Fit(few, Products, null, Settings, alone);
        var (built, model) = Time(() => SequenceModel.Fit(customers, Products, null, Settings, alone));
        RankNeighbours(model, few);
        var (ranked, _) = Time(() => RankNeighbours(model, customers));

        FactorModel.Fit(few, Products, Rounds(1), alone);
        var (one, _) = Time(() => FactorModel.Fit(customers, Products, Rounds(1), alone));
        var (two, factors) = Time(() => FactorModel.Fit(customers, Products, Rounds(2), alone));
        float[] own = [.. few.SelectMany(customer => factors.FoldIn(customer))];
        var (places, scores) = (new int[few.Count * 10], new float[few.Count * 10]);
        factors.Top(own, 10, places, scores);
        var (dense, _) = Time(() =>
        {
            factors.Top(own, 10, places, scores);
            return places;
        });

        var customersText = new Text("customers", "покупателей");
        List<Figure> figures =
        [
            new("dense top-10, 20,000 x 64", customersText, few.Count / dense, dense),
            new("item-to-item, build", new("pairs", "пар"), pairs / built, built),
            new("item-to-item, top-10", customersText, count / ranked, ranked),
            new("implicit ALS, 64 factors, one round", new("pairs", "пар"), pairs / (two - one), two - one),
        ];
        if (shell.Json)
        {
            shell.PrintJson(new { Customers = count, Pairs = pairs, Figures = figures.Select(figure => new { figure.Name, Unit = figure.Unit.English, PerSecond = Math.Round(figure.PerSecond), Seconds = Math.Round(figure.Seconds, 3) }) });
            return Verb.Done;
        }

        var culture = shell.Language.Culture();
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn(new TableColumn(shell.In("processor s", "с процессора")).RightAligned()).AddColumn(new TableColumn(shell.In("a second", "в секунду")).RightAligned()).AddColumn("");
        foreach (var figure in figures) table.AddRow(figure.Name, figure.Seconds.ToString("N3", culture), figure.PerSecond.ToString("N0", culture), figure.Unit.In(shell.Language));
        shell.Print(table);
        return Verb.Done;
    }

    static SequenceOptions Settings => new() { Attributes = 0, Followers = 100 };

    static FactorOptions Rounds(int epochs) => new() { Factors = Factors, Epochs = epochs };

    static int RankNeighbours(SequenceModel model, List<int[]> customers)
    {
        var memory = new ScoreMemory();
        var found = new int[10];
        return customers.Sum(customer => model.Top(customer, memory, found));
    }

    static (double Seconds, T Result) Time<T>(Func<T> work)
    {
        var before = Environment.CpuUsage.TotalTime;
        var result = work();
        return ((Environment.CpuUsage.TotalTime - before).TotalSeconds, result);
    }

    /// <summary>Few customers have much and few products are bought by many: a log-normal number of products, each the cube of an even draw.</summary>
    static List<int[]> MakeUp(int count) =>
    [
        .. Enumerable.Range(0, count).Select(customer =>
        {
            var draw = new Draw(1, "bench learn", (ulong)customer);
            var has = new HashSet<int>();
            for (var left = Math.Clamp((int)(12 * Math.Exp(draw.NextNormal())), 2, 500); left > 0; left--)
            {
                var unit = draw.NextUnit();
                has.Add((int)(Products * unit * unit * unit));
            }

            return has.ToArray();
        }),
    ];
}
