using Volna.Intake.History;
using Volna.Kernels;

namespace Volna.Learning.Demand;

/// <summary>How likely candidates are, what she bought and what she didn't.</summary>
sealed record DemandWeights(KindWeights Habit, KindWeights Discovery)
{
    const int ChunkCustomers = 256;

    /// <summary>The growth of trees is stopped by this share of the customers.</summary>
    const double HeldShare = 0.2;

    /// <summary>Fits the weights on a window: features of the morning it began, labels by what was bought in it.</summary>
    /// <param name="market">As known on that morning.</param>
    /// <param name="until">The day after the window.</param>
    public static DemandWeights Fit(Panel panel, Market market, int until, DemandOptions options, ParallelOptions parallel)
    {
        // A few more or less than asked for; what counts is that a customer's draw doesn't depend on the others.
        var share = options.FitCustomers / Math.Max(panel.Customers.Length, 1.0);
        var drawn = panel.Customers.Where(customer => new Draw(options.Seed, "fit", (ulong)customer.Customer.Value).NextUnit() < share)
            .ToLookup(customer => new Draw(options.Seed, "held", (ulong)customer.Customer.Value).NextUnit() < HeldShare);
        var (rows, held) = (Gather([.. drawn[false]]), Gather([.. drawn[true]]));
        return new DemandWeights(
            KindWeights.Fit(
                DemandFeatures.HabitColumns, DemandFeatures.HabitCount, Together(rows, part => part.Habit), Together(rows, part => part.HabitLabels), Together(rows, part => part.HabitLifts),
                Together(held, part => part.Habit), Together(held, part => part.HabitLabels), Together(held, part => part.HabitLifts), options, parallel),
            KindWeights.Fit(
                DemandFeatures.DiscoveryColumns, DemandFeatures.DiscoveryCount, Together(rows, part => part.Discovery), Together(rows, part => part.DiscoveryLabels), Together(rows, part => part.DiscoveryLifts),
                Together(held, part => part.Discovery), Together(held, part => part.DiscoveryLabels), Together(held, part => part.DiscoveryLifts), options, parallel));

        TrainingRows[] Gather(CustomerHistory[] customers) =>
            Chunks.Map(customers.Length, ChunkCustomers, parallel, (start, end) => Collect(customers.AsSpan(start..end)));

        TrainingRows Collect(ReadOnlySpan<CustomerHistory> customers)
        {
            var rows = new TrainingRows();
            var scorer = new Scorer(market, options.WindowDays, options.Discoveries);
            var later = new Shopper();
            foreach (var customer in customers)
                scorer.Collect(customer, later.BoughtWithin(customer, market.Day, until), rows);
            return rows;
        }
    }

    /// <summary>One array, made at its full size: the rows are many, and growing would hold them twice more.</summary>
    static T[] Together<T>(TrainingRows[] chunks, Func<TrainingRows, List<T>> part)
    {
        var all = new T[chunks.Sum(rows => part(rows).Count)];
        var at = 0;
        foreach (var rows in chunks)
        {
            part(rows).CopyTo(all, at);
            at += part(rows).Count;
            part(rows).Clear();
            part(rows).TrimExcess();
        }

        return all;
    }
}

/// <summary>Features, labels and what weather and events change (<see cref="Outlook"/>) of some candidates, row after row.</summary>
sealed class TrainingRows
{
    public List<float> Habit { get; } = [];
    public List<bool> HabitLabels { get; } = [];
    public List<float> HabitLifts { get; } = [];
    public List<float> Discovery { get; } = [];
    public List<bool> DiscoveryLabels { get; } = [];
    public List<float> DiscoveryLifts { get; } = [];
}
