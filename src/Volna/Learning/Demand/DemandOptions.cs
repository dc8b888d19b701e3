using Volna.Learning.Trees;

namespace Volna.Learning.Demand;

/// <summary>How a Demand model is learnt. The same options, seed and purchases give the same model.</summary>
public sealed record DemandOptions
{
    /// <summary>The days for which chances hold, 28 by default; the history must be at least three times as long.</summary>
    public int WindowDays { get; init; } = 28;

    /// <summary>Neighbours kept of each product in item-to-item, 30 by default.</summary>
    public int Neighbours { get; init; } = 30;

    /// <summary>Products a customer doesn't know that are scored for her, 60 by default.</summary>
    public int Discoveries { get; init; } = 60;

    /// <summary>Weight of the L2 penalty on standardised coefficients, 10 by default.</summary>
    public double Regularization { get; init; } = 10;

    /// <summary>How trees refine the regressions.</summary>
    internal static TreeOptions Trees => new() { Trees = 50, Leaves = 15, LearningRate = 0.2, LeastWeight = 5, Regularization = 5 };

    /// <summary>Decides which customers are in the samples, where there are more than is held in memory.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Purchase lines held in memory, 2 million (100 MB) by default: in a longer history, neighbours are learnt from a sample of customers, and the
    /// back-test judges that sample. Popularity is always that of all customers.
    /// </summary>
    public long PanelLines { get; init; } = 2_000_000;

    /// <summary>Customers whose purchases the weights and trees are fitted on, 4,000 by default.</summary>
    public int FitCustomers { get; init; } = 4_000;
}
