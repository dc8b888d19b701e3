using System.Collections.Immutable;

namespace Volna.Offers.Allocation;

/// <summary>
/// All customers of a wave with their options, and what they share. Each customer gets at most her segment's number of offers of each kind of slot, a good
/// at most once, and at most so many goods of a category; the limits hold for all customers together. Wanted is the highest sum of values.
/// </summary>
sealed record AllocationProblem
{
    public required ImmutableArray<Limit> Limits { get; init; }

    /// <summary>What an option may be about: a product, or a product in a group of stores where its stock is limited there.</summary>
    public required ImmutableArray<Good> Goods { get; init; }

    /// <summary>Most offers by segment, then by kind of slot.</summary>
    public required ImmutableArray<ImmutableArray<int>> Slots { get; init; }

    public required int MostPerCategory { get; init; }

    public required IReadOnlyList<CustomerBlock> Blocks { get; init; }

    /// <summary>Prices of the limits near which it will be shared out, as those of the wave before; empty where nothing is known.</summary>
    public ImmutableArray<double> Expected { get; init; } = [];

    /// <summary>What an offer takes of one of its good's limits.</summary>
    public long Use(int limit, in Option option) => Limits[limit].Counts == LimitUnit.Money ? option.CostMilli : 1;

    /// <summary>How many customers each one stands for: a sample's limits are told to people as those of all.</summary>
    public double Each { get; init; } = 1;

    public long Customers => Blocks.Sum(block => (long)block.Customers);

    public long Options => Blocks.Sum(block => (long)block.Options.Length);
}

/// <param name="Category">Goods of one category are alike; 0 is like nothing.</param>
/// <param name="Limits">Places of the limits that an offer on it uses.</param>
readonly record struct Good(int Category, ImmutableArray<int> Limits);

/// <summary>Customers side by side in memory.</summary>
/// <param name="Segments">Each customer's.</param>
/// <param name="Starts">Where each customer's options start; one entry more than customers.</param>
/// <param name="Options">A customer's options on one good in one kind of slot stand together.</param>
sealed record CustomerBlock(ushort[] Segments, int[] Starts, Option[] Options)
{
    public int Customers => Segments.Length;

    public ReadOnlySpan<Option> Of(int customer) => Options.AsSpan(Starts[customer], Starts[customer + 1] - Starts[customer]);
}
