using Volna.Kernels;

namespace Volna.Learning.Demand;

/// <summary>The weights of the two regressions, for <see cref="DemandFeatures"/>; the intercept first.</summary>
sealed record DemandWeights(float[] Habit, float[] Discovery)
{
    const int ChunkCustomers = 256;

    /// <summary>Fits the weights on a window: features of the morning it began, labels by what was bought in it.</summary>
    /// <param name="market">As known on that morning.</param>
    /// <param name="until">The day after the window.</param>
    public static DemandWeights Fit(Panel panel, Market market, int until, DemandOptions options, ParallelOptions parallel)
    {
        // A few more or less than asked for; what counts is that a customer's draw doesn't depend on the others.
        var share = options.FitCustomers / Math.Max(panel.Customers.Length, 1.0);
        var customers = panel.Customers.Where(customer => new Draw(options.Seed, "fit", (ulong)customer.Customer.Value).NextUnit() < share).ToList();
        var chunks = Chunks.Map(customers.Count, ChunkCustomers, parallel, Collect);
        return new DemandWeights(
            Regress(DemandFeatures.HabitCount, Together(chunks, rows => rows.Habit), Together(chunks, rows => rows.HabitLabels)),
            Regress(DemandFeatures.DiscoveryCount, Together(chunks, rows => rows.Discovery), Together(chunks, rows => rows.DiscoveryLabels)));

        TrainingRows Collect(int start, int end)
        {
            var rows = new TrainingRows();
            var scorer = new Scorer(market, options.WindowDays, options.Discoveries);
            var later = new Shopper();
            foreach (var customer in customers[start..end])
                scorer.Collect(customer, later.BoughtWithin(customer, market.Day, until), rows);
            return rows;
        }

        float[] Regress(int columns, float[] rows, bool[] labels) =>
            Array.ConvertAll(LogisticRegression.Fit(rows, columns, labels, options.Regularization, parallel), weight => (float)weight);
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

/// <summary>Features and labels of some candidates, row after row.</summary>
sealed class TrainingRows
{
    public List<float> Habit { get; } = [];
    public List<bool> HabitLabels { get; } = [];
    public List<float> Discovery { get; } = [];
    public List<bool> DiscoveryLabels { get; } = [];
}
