using System.Collections.Immutable;
using Volna.Kernels;

namespace Volna.Learning.Demand;

/// <summary>A way of ranking products for a customer, to be compared.</summary>
public enum RankingMethod
{
    Model = 0,

    /// <summary>What the most customers bought in the window before, the same for everybody.</summary>
    MostPopular = 1,

    /// <summary>What she bought on the most days, the latest first among equals, filled up with the most popular.</summary>
    PersonalFrequency = 2,
}

/// <summary>How good a method's top 5 and top 10 were, as means over customers.</summary>
public sealed record MethodQuality(RankingMethod Method, Ranking At5, Ranking At10);

/// <summary>Candidates of about the same chance: how many of them were expected to be bought, and how many were.</summary>
public readonly record struct CalibrationBin(CandidateKind Kind, double MostChance, long Candidates, double Expected, long Bought);

/// <summary>
/// How well a model that was learnt before a window foretold that window. Customers count who bought before it and in it; products count that they
/// bought and kept.
/// </summary>
/// <param name="Window">The days foretold.</param>
/// <param name="Customers">Customers judged.</param>
/// <param name="All">Of all that they bought.</param>
/// <param name="DiscoveryCustomers">Those of them who bought something they hadn't bought before.</param>
/// <param name="Discovery">Of what they hadn't bought before alone, with rankings of such products alone.</param>
/// <param name="LaunchCustomers">Those who bought something launched within the window before it.</param>
/// <param name="Launches">Of such products alone, with rankings of them alone.</param>
/// <param name="Calibration">Of all customers with history, also those who bought nothing in the window.</param>
public sealed record BackTest(
    Period Window, int Customers, ImmutableArray<MethodQuality> All, int DiscoveryCustomers, ImmutableArray<MethodQuality> Discovery,
    int LaunchCustomers, ImmutableArray<MethodQuality> Launches,
    ImmutableArray<CalibrationBin> Calibration)
{
    const int ChunkCustomers = 256;
    static readonly double[] BinEnds = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

    internal static BackTest Run(Panel panel, DemandModel model, Market market, DemandOptions options, ParallelOptions parallel)
    {
        var end = market.Day + options.WindowDays;
        var total = new Sums();
        foreach (var part in Chunks.Map(panel.Customers.Length, ChunkCustomers, parallel, Judge)) total.Add(part);
        return new BackTest(
            new Period(Days.Date(market.Day), Days.Date(end)),
            total.Customers,
            total.Quality([RankingMethod.Model, RankingMethod.MostPopular, RankingMethod.PersonalFrequency], total.Customers, 0),
            total.DiscoveryCustomers,
            total.Quality([RankingMethod.Model, RankingMethod.MostPopular], total.DiscoveryCustomers, 3),
            total.LaunchCustomers,
            total.Quality([RankingMethod.Model, RankingMethod.MostPopular], total.LaunchCustomers, 5),
            [.. from kind in Enum.GetValues<CandidateKind>() from bin in Enumerable.Range(0, BinEnds.Length) select total.Bins[(int)kind, bin] into sums where sums.Candidates > 0 select sums]);

        Sums Judge(int start, int stop)
        {
            var sums = new Sums();
            var shopper = new Shopper();
            var later = new Shopper();
            var candidates = new List<Candidate>();
            for (var i = start; i < stop; i++)
            {
                var customer = panel.Customers[i];
                shopper.Read(customer, market.Day, options.WindowDays);
                if (shopper.Visits == 0) continue;
                var bought = later.BoughtWithin(customer, market.Day, end);
                model.Score(customer, Days.Date(market.Day), candidates);
                foreach (var candidate in candidates) sums.Calibrate(candidate, bought.Contains(candidate.Product));
                if (bought.Count == 0) continue;

                var unknown = market.Popular.Where(product => !shopper.Knows(product));
                sums.Customers++;
                sums.Judge(0, candidates.Select(candidate => candidate.Product), bought);
                sums.Judge(1, market.Popular, bought);
                sums.Judge(2, ByFrequency(shopper).Concat(unknown), bought);

                bought.RemoveWhere(shopper.Knows);
                if (bought.Count == 0) continue;
                sums.DiscoveryCustomers++;
                sums.Judge(3, candidates.Where(candidate => candidate.Kind == CandidateKind.Discovery).Select(candidate => candidate.Product), bought);
                sums.Judge(4, unknown, bought);

                bought.RemoveWhere(product => !IsNew(product));
                if (bought.Count == 0) continue;
                sums.LaunchCustomers++;
                sums.Judge(5, candidates.Where(candidate => candidate.Kind == CandidateKind.Discovery && IsNew(candidate.Product)).Select(candidate => candidate.Product), bought);
                sums.Judge(6, unknown.Where(IsNew), bought);
            }

            return sums;
        }

        bool IsNew(int product) => market.Facts(product).New > 0;
    }

    static IEnumerable<int> ByFrequency(Shopper shopper) =>
        shopper.Uses.ToArray().OrderByDescending(use => use.Times).ThenByDescending(use => use.LastDay).ThenBy(use => use.Product).Select(use => use.Product);

    /// <summary>Sums over customers; rows 0 to 2 are the methods of all products, 3 and 4 those of discoveries, 5 and 6 those of new products.</summary>
    sealed class Sums
    {
        readonly (Ranking At5, Ranking At10)[] _rows = new (Ranking, Ranking)[7];

        public int Customers, DiscoveryCustomers, LaunchCustomers;

        public CalibrationBin[,] Bins { get; } = NewBins();

        public void Judge(int row, IEnumerable<int> ranked, HashSet<int> bought)
        {
            var hits = ranked.Take(10).Select(bought.Contains).ToArray();
            _rows[row].At5 += Ranking.At(hits, bought.Count, 5);
            _rows[row].At10 += Ranking.At(hits, bought.Count, 10);
        }

        public void Calibrate(in Candidate candidate, bool bought)
        {
            var chance = candidate.Chance;
            ref var bin = ref Bins[(int)candidate.Kind, Array.FindIndex(BinEnds, most => chance <= most)];
            bin = bin with { Candidates = bin.Candidates + 1, Expected = bin.Expected + chance, Bought = bin.Bought + (bought ? 1 : 0) };
        }

        public void Add(Sums other)
        {
            Customers += other.Customers;
            DiscoveryCustomers += other.DiscoveryCustomers;
            LaunchCustomers += other.LaunchCustomers;
            for (var row = 0; row < _rows.Length; row++)
            {
                _rows[row].At5 += other._rows[row].At5;
                _rows[row].At10 += other._rows[row].At10;
            }

            foreach (var kind in Enum.GetValues<CandidateKind>())
            {
                for (var i = 0; i < BinEnds.Length; i++)
                {
                    ref var bin = ref Bins[(int)kind, i];
                    var more = other.Bins[(int)kind, i];
                    bin = bin with { Candidates = bin.Candidates + more.Candidates, Expected = bin.Expected + more.Expected, Bought = bin.Bought + more.Bought };
                }
            }
        }

        /// <summary>Means by method; none where there are no customers.</summary>
        public ImmutableArray<MethodQuality> Quality(RankingMethod[] methods, int customers, int firstRow) =>
            customers == 0 ? [] : [.. methods.Select((method, i) => new MethodQuality(method, _rows[firstRow + i].At5 / customers, _rows[firstRow + i].At10 / customers))];

        static CalibrationBin[,] NewBins()
        {
            var bins = new CalibrationBin[2, BinEnds.Length];
            foreach (var kind in Enum.GetValues<CandidateKind>())
                for (var i = 0; i < BinEnds.Length; i++) bins[(int)kind, i] = new CalibrationBin(kind, BinEnds[i], 0, 0, 0);
            return bins;
        }
    }
}
