using System.Buffers;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Volna.Kernels;
using Volna.Learning;
using Volna.Learning.Factors;
using Volna.Learning.Sequences;
using Volna.Learning.Trees;

namespace Volna.Server.Verbs;

/// <summary><c>volna bench learn</c>: the inner loops of learning on made-up purchases, one thread, in seconds of processor time.</summary>
static class BenchLearnVerb
{
    const int Products = 20_000, Factors = 64;

    const string DenseEven = "dense top-10, 20,000 x 64 random factors", ItemsTop = "item-to-item, top-10", TreesTrain = "boosted trees, training", TreesScore = "boosted trees, scoring";

    /// <summary>What known peers print of the same work, and to which figure it belongs; seconds are turned into rows through a tree.</summary>
    static readonly (string Name, string Printed, bool IsSeconds)[] OfPeers =
    [
        (DenseEven, "dense fp32 64x20000 top-10: ", false),
        (ItemsTop, "sparse item-to-item 19x100 top-10: ", false),
        (TreesTrain, "\"train_cpu_s\": ", true),
        (TreesScore, "\"score_rows_per_cpu_s\": ", false),
    ];

    /// <param name="PerSecond">Of the unit, in a second of processor time.</param>
    sealed record Figure(string Name, Text Unit, double PerSecond, double Seconds);

    public static Command Create(Verb verb)
    {
        var customers = new Option<int>("--customers") { Description = verb.In("Customers, with about 19 products each", "Покупателей, примерно по 19 товаров"), HelpName = "N", DefaultValueFactory = _ => 200_000 };
        var command = verb.Create(
            "learn", new Text("The inner loops of learning, one thread: exact best products, item-to-item, ALS, a recurrent step, boosted trees.", "Внутренние циклы обучения, один поток: точный выбор лучших товаров, товар к товару, ALS, рекуррентный шаг, деревья."),
            "volna bench learn --json", "volna bench learn --peer \"python3 bench.py xgboost 1\" --peer ./probe");
        var rows = new Option<int>("--rows") { Description = verb.In("Rows of the table for boosted trees", "Строк таблицы для деревьев"), HelpName = "N", DefaultValueFactory = _ => 1_000_000 };
        var peer = new Option<string[]>("--peer")
        {
            Description = verb.In(
                "A program to run beside for comparison, such as one that trains other boosted trees; what it prints is shown, with the ratio where it is known. May be given several times",
                "Программа для сравнения, запускаемая рядом, например другие деревья; её вывод показывается, с отношением там, где оно известно. Можно указать несколько раз"),
            HelpName = "COMMAND",
            DefaultValueFactory = _ => [],
        };
        command.Options.Add(customers);
        command.Options.Add(rows);
        command.Options.Add(peer);
        verb.SetAction(command, (parsed, shell) => Measure(shell, parsed.GetValue(customers), parsed.GetValue(rows), parsed.GetValue(peer) ?? []));
        return command;
    }

    static int Measure(Shell shell, int count, int rows, string[] peers)
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
        var (three, factors) = Time(() => FactorModel.Fit(customers, Products, Rounds(3), alone));
        var loss = FactorModel.Fit(few, Products, Rounds(3), alone).Loss(few) / FactorModel.Fit(few, Products, Rounds(3), alone, null, Factors).Loss(few);
        float[] own = [.. few.SelectMany(customer => factors.FoldIn(customer))];
        var (places, scores) = (new int[few.Count * 10], new float[few.Count * 10]);
        var dense = TimeAgain(() => factors.Top(own, 10, places, scores));
        var draw = new Draw(2, "bench learn", 0);
        var even = new DenseTopK(RandomNumbers(Products * Factors, ref draw), Factors);
        var random = RandomNumbers(few.Count * Factors, ref draw);
        var denseEven = TimeAgain(() => even.Find(random, 10, places, scores));
        var gru = TimeGru(ref draw);

        var customersText = new Text("customers", "покупателей");
        List<Figure> figures =
        [
            new("dense top-10, 20,000 x 64 learnt factors", customersText, few.Count / dense, dense),
            new(DenseEven, customersText, few.Count / denseEven, denseEven),
            new("item-to-item, build", new("pairs", "пар"), pairs / built, built),
            new(ItemsTop, customersText, count / ranked, ranked),
            new("implicit ALS, 64 factors, one round", new("pairs", "пар"), pairs / ((three - one) / 2), (three - one) / 2),
            new("GRU, 64 inputs and units, forwards and backwards", new("steps", "шагов"), GruSteps / gru, gru),
        ];
        var (trained, scored, auc) = MeasureTrees(rows, alone);
        figures.Add(new(TreesTrain, new("rows through a tree", "строк через дерево"), rows * 200.0 / trained, trained));
        figures.Add(new(TreesScore, new("rows", "строк"), rows / scored, scored));
        var beside = string.Join(Environment.NewLine, peers.Select(RunPeer));
        if (shell.Json)
        {
            shell.PrintJson(new
            {
                Auc = Math.Round(auc, 5),
                AlsLossToExact = Math.Round(loss, 5),
                Peers = beside,
                Customers = count,
                Pairs = pairs,
                Rows = rows,
                Figures = figures.Select(figure => new { figure.Name, Unit = figure.Unit.English, PerSecond = Math.Round(figure.PerSecond), Seconds = Math.Round(figure.Seconds, 3), TimesThePeer = Ratio(figure, beside) }),
            });
            return Verb.Done;
        }

        var culture = shell.Language.Culture();
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn(new TableColumn(shell.In("processor s", "с процессора")).RightAligned()).AddColumn(new TableColumn(shell.In("a second", "в секунду")).RightAligned())
            .AddColumn("").AddColumn(new TableColumn(shell.In("times the peer", "раз к сравнению")).RightAligned());
        foreach (var figure in figures)
            table.AddRow(figure.Name, figure.Seconds.ToString("N3", culture), figure.PerSecond.ToString("N0", culture), figure.Unit.In(shell.Language), Ratio(figure, beside)?.ToString("N2", culture) ?? "");
        shell.Print(table);
        shell.Data.WriteLine(string.Create(culture, $"AUC {auc:F5}"));
        shell.Data.WriteLine(shell.In(
            string.Create(culture, $"Three rounds of ALS leave {loss:F5} times the loss of exact solutions."), string.Create(culture, $"Потеря после трёх кругов ALS — {loss:F5} от потери при точном решении.")));
        if (beside.Length > 0) shell.Data.WriteLine(beside);
        return Verb.Done;
    }

    static readonly SearchValues<char> s_numerals = SearchValues.Create("0123456789.");

    static double? Ratio(Figure figure, string beside)
    {
        foreach (var (name, printed, isSeconds) in OfPeers)
        {
            var at = name == figure.Name ? beside.IndexOf(printed, StringComparison.Ordinal) : -1;
            if (at < 0) continue;
            var rest = beside.AsSpan(at + printed.Length);
            var end = rest.IndexOfAnyExcept(s_numerals);
            // Peers learn from a million rows.
            var number = double.Parse(end < 0 ? rest : rest[..end], CultureInfo.InvariantCulture);
            return Math.Round(figure.PerSecond / (isSeconds ? 1_000_000 * 200 / number : number), 3);
        }

        return null;
    }

    const int GruSteps = 64 * 200;

    static double TimeGru(ref Draw draw)
    {
        const int Sequences = 64;
        var gru = new GruStep(Factors, Factors);
        float[] weights = RandomNumbers(gru.Weights, ref draw), inputs = RandomNumbers(Sequences * Factors, ref draw), before = RandomNumbers(Sequences * Factors, ref draw);
        float[] after = new float[before.Length], memory = new float[Sequences * gru.Memory], ofInputs = new float[inputs.Length], ofBefore = new float[before.Length], ofWeights = new float[weights.Length];
        return TimeAgain(() =>
        {
            for (var step = 0; step < GruSteps / Sequences; step++)
            {
                gru.Forward(weights, inputs, before, after, memory);
                gru.Backward(weights, inputs, before, memory, after, ofInputs, ofBefore, ofWeights);
            }
        });
    }

    static float[] RandomNumbers(int count, ref Draw draw)
    {
        var numbers = new float[count];
        for (var i = 0; i < count; i++) numbers[i] = (float)draw.NextNormal();
        return numbers;
    }

    static (double Trained, double Scored, double Auc) MeasureTrees(int rows, ParallelOptions alone)
    {
        var table = MakeUpTable(rows, 1);
        var other = MakeUpTable(rows, 2);
        BoostedTrees.Fit(MakeUpTable(10_000, 3), null, new TreeOptions { Trees = 30 }, alone).Score(other.Values.AsSpan(0, 30 * Math.Min(rows, 10_000)), new float[Math.Min(rows, 10_000)]);
        var (trained, trees) = Time(() => BoostedTrees.Fit(table, null, new TreeOptions(), alone));
        var scores = new float[rows];
        var scored = TimeAgain(() => trees.Score(other.Values, scores));
        return (trained, scored, Auc(other.Labels, scores));
    }

    /// <summary>The table that peers are measured with: ten even columns, ten of skewed whole numbers, ten more, of which a few decide.</summary>
    static TreeTable MakeUpTable(int rows, ulong seed)
    {
        const int Columns = 30;
        float[] values = new float[rows * Columns], labels = new float[rows];
        Parallel.For(0, rows, row =>
        {
            var draw = new Draw(seed, "bench trees", (ulong)row);
            var x = values.AsSpan(row * Columns, Columns);
            for (var k = 0; k < Columns; k++) x[k] = (float)draw.NextNormal();
            for (var k = 10; k < 20; k++) x[k] = MathF.Round(MathF.Exp(x[k]) * 3);
            var z = (1.2 * x[0]) - (0.8 * x[1] * x[2]) + (0.15 * x[10]) - (x[3] > 0 ? 0.1 * x[11] : 0) + Math.Sin(2 * x[4]) - 2.5;
            labels[row] = draw.NextUnit() < 1 / (1 + Math.Exp(-z)) ? 1 : 0;
        });
        return new TreeTable(new ColumnKind[Columns], values, labels, []);
    }

    /// <summary>The chance that a row with label 1 scores above one with label 0.</summary>
    static double Auc(float[] labels, float[] scores)
    {
        float[] keys = [.. scores], sorted = [.. labels];
        Array.Sort(keys, sorted);
        double ranks = 0, ones = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (sorted[i] == 0) continue;
            ranks += i + 1;
            ones++;
        }

        return (ranks - (ones * (ones + 1) / 2)) / ones / (sorted.Length - ones);
    }

    static string RunPeer(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true })!;
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return printed.Trim();
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

    /// <summary>The least of three times: the first one has the compiler's time in it.</summary>
    static double TimeAgain(Action work)
    {
        var least = double.PositiveInfinity;
        for (var i = 0; i < 3; i++)
        {
            var before = Environment.CpuUsage.TotalTime;
            work();
            least = Math.Min(least, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }

        return least;
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
