using Volna.Intake.History;
using Volna.Kernels;

namespace Volna.Simulation.Fit;

/// <summary>
/// Sets a world to a retailer's receipts by simulated moments: a thousand customers live under the present options, each moment that departs moves the
/// option that steers it, by a step that is known to have the right sign, and so on; the round that came closest is taken. All rounds share their
/// luck, so they differ by the options alone. Which option answers to which moment:
///
///   visitsPerWeek       mean visits of a customer          visitSpread         spread of their logarithm
///   appetite            mean lines of a visit              liking              share of repeated purchases
///   priceLevel          mean logarithm of prices           priceSpread         its spread over products
///   popularityExponent  share of the top tenth of goods    thereFromStart      share of customers seen in the first quarter
///   leaving             share not seen in the last quarter tripSpread          spread of the logarithm of a visit's lines
/// </summary>
static class WorldFit
{
    public const int Rounds = 40;

    const int Simulated = 1_500, LeastSimulated = 10;

    /// <summary>A world like real receipts.</summary>
    /// <param name="weeks">That the real receipts span.</param>
    /// <param name="rowShare">Share of rows that the real file holds, where it is a sample of rows; else 1.</param>
    public static (WorldOptions Options, Marginals Simulated) Find(Marginals real, int weeks, double rowShare, ulong seed, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var options = new WorldOptions
        {
            Seed = seed,
            Customers = Simulated,
            Weeks = weeks,
            Products = Math.Clamp(real.Products, CategoryTraits.All.Length, 20_000),
            Stores = 10,
            VisitsPerWeek = Math.Clamp(real.VisitsOfCustomer.Mean / weeks, 0.01, 4),
        };
        var (best, least) = (options, double.PositiveInfinity);
        for (var round = 0; round < Rounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            progress?.Report(new StepProgress(new("Rounds", "Приближения"), round, Rounds, new("rounds", "шагов")));
            var simulated = Simulate(options, rowShare, stop);
            if (simulated.Customers < LeastSimulated)
                throw new BadInputException("row-share", new Text(
                    $"--row-share {FitReport.Number(rowShare)}: leaves rows of {simulated.Customers} simulated customers of {Simulated}, expected at least {LeastSimulated}.",
                    $"--row-share {FitReport.Number(rowShare)}: из {Simulated} вымышленных покупателей строки остались у {simulated.Customers}, ожидается не меньше {LeastSimulated}."));
            var gaps = Gaps(real, simulated);
            var gap = gaps.Sum(Math.Abs);
            if (gap < least) (best, least) = (options, gap);
            options = Step(options, gaps, damping: round < Rounds / 2 ? 1 : 0.5);
        }

        return (Rounded(best), Simulate(Rounded(best), rowShare, stop));
    }

    /// <summary>Marginals of a world's history.</summary>
    public static Marginals Simulate(WorldOptions options, double rowShare, CancellationToken stop)
    {
        var world = World.Build(options);
        var marginals = new Marginals(Clock.Minute(options.FirstDay) / 1440, options.Weeks * 7);
        Parallel.ForEach(
            Enumerable.Range(0, options.Customers).Chunk(100), new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => (Lines: new List<PurchaseLine>(), Book: new ReceiptBook()),
            (numbers, _, own) =>
            {
                foreach (var number in numbers)
                {
                    Live(world, number, rowShare, own.Book, own.Lines);
                    lock (marginals) marginals.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(own.Lines));
                }

                return own;
            },
            _ => { });
        return marginals;
    }

    static void Live(World world, int number, double rowShare, ReceiptBook book, List<PurchaseLine> lines)
    {
        book.Clear();
        lines.Clear();
        var shopper = world.Shopper(number);
        var state = new ShopperState(shopper);
        for (var day = 0; day < world.Options.Weeks * 7; day++) ShoppingDay.Live(world, shopper, state, ShopperOffers.None, day, book);
        var draw = new Draw(world.Options.Seed, "row-sample", (ulong)number);
        var first = Clock.Minute(world.Options.FirstDay);
        foreach (var receipt in book.Receipts)
        {
            foreach (ref readonly var line in book.LinesOf(receipt))
            {
                if (rowShare < 1 && draw.NextUnit() >= rowShare) continue;
                var paid = line.Paid.Minor;
                var regular = new Quantity(line.QuantityThousandths).Times(line.RegularPrice).Minor;
                lines.Add(new PurchaseLine(
                    ((ulong)receipt.Day * 2) + (receipt.IsReturn ? 1UL : 0), first + (receipt.Day * 1440) + receipt.Minute, receipt.Shop + 1, line.Product + 1, line.QuantityThousandths, paid, regular - paid));
            }
        }
    }

    /// <summary>By how much the simulated moments fall short, each in a scale of its own in which one tenth is a lot.</summary>
    static double[] Gaps(Marginals real, Marginals simulated)
    {
        double[] realPrices = real.LogPrices, simulatedPrices = simulated.LogPrices;
        return
        [
            Math.Log(real.VisitsOfCustomer.Mean / simulated.VisitsOfCustomer.Mean),
            real.VisitsOfCustomer.LogSpread - simulated.VisitsOfCustomer.LogSpread,
            Math.Log(real.LinesOfVisit.Mean / simulated.LinesOfVisit.Mean),
            real.RepeatShare - simulated.RepeatShare,
            realPrices.Average() - simulatedPrices.Average(),
            Math.Log(Spread(realPrices) / Spread(simulatedPrices)),
            real.ShareOfTop(0.1) - simulated.ShareOfTop(0.1),
            real.EarlyShare - simulated.EarlyShare,
            real.GoneShare - simulated.GoneShare,
            real.LinesOfVisit.LogSpread - simulated.LinesOfVisit.LogSpread,
        ];
    }

    static WorldOptions Step(WorldOptions options, double[] gaps, double damping)
    {
        double By(int moment, double gain) => damping * gain * Math.Clamp(gaps[moment], -1, 1);
        return options with
        {
            VisitsPerWeek = Math.Clamp(options.VisitsPerWeek * Math.Exp(By(0, 0.7)), 0.002, 5),
            VisitSpread = Math.Clamp(options.VisitSpread + By(1, 0.7), 0, 2.5),
            Appetite = Math.Clamp(options.Appetite + By(2, 1.2), -8, 8),
            Liking = Math.Clamp(options.Liking + By(3, 2), 0, 3),
            PriceLevel = Math.Clamp(options.PriceLevel * Math.Exp(By(4, 1)), 0.001, 1_000),
            PriceSpread = Math.Clamp(options.PriceSpread * Math.Exp(By(5, 1.5)), 0.02, 10),
            PopularityExponent = Math.Clamp(options.PopularityExponent + By(6, 2.5), 0, 4),
            ThereFromStart = Math.Clamp(options.ThereFromStart + By(7, 0.8), 0, 1),
            Leaving = Math.Clamp(options.Leaving + By(8, 0.8), 0, 1),
            TripSpread = Math.Clamp(options.TripSpread + By(9, 1.5), 0, 4),
        };
    }

    /// <summary>To three digits: more would feign a precision that is not there.</summary>
    static WorldOptions Rounded(WorldOptions options)
    {
        static double Short(double value) => value == 0 ? 0 : Math.Round(value, Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 15));
        return options with
        {
            VisitsPerWeek = Short(options.VisitsPerWeek),
            VisitSpread = Short(options.VisitSpread),
            Appetite = Short(options.Appetite),
            Liking = Short(options.Liking),
            PriceLevel = Short(options.PriceLevel),
            PriceSpread = Short(options.PriceSpread),
            PopularityExponent = Short(options.PopularityExponent),
            ThereFromStart = Short(options.ThereFromStart),
            Leaving = Short(options.Leaving),
            TripSpread = Short(options.TripSpread),
        };
    }

    public static double Spread(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
