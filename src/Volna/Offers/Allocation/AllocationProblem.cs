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

    public long Options => Blocks.Sum(block => (long)block.Starts[^1]);
}

/// <param name="Category">Goods of one category are alike; 0 is like nothing.</param>
/// <param name="Limits">Places of the limits that an offer on it uses.</param>
readonly record struct Good(int Category, ImmutableArray<int> Limits);

/// <summary>Gives a block's options from one place to another.</summary>
/// <param name="room">For what has to be read, and made larger where that needs more; what was given before is gone with the next call.</param>
delegate ReadOnlySpan<Option> OptionReader(int from, int to, scoped ref Option[] room);

/// <summary>Customers side by side. Of millions of them the options take gigabytes, so they may lie in a file and be read some customers at a time.</summary>
/// <param name="Segments">Each customer's.</param>
/// <param name="Starts">Where each customer's options start; one entry more than customers.</param>
/// <param name="Read">A customer's options on one good in one kind of slot stand together.</param>
sealed record CustomerBlock(ushort[] Segments, int[] Starts, OptionReader Read)
{
    /// <summary>Customers whose options are in memory.</summary>
    public CustomerBlock(ushort[] segments, int[] starts, Option[] options)
        : this(segments, starts, (int from, int to, scoped ref Option[] _) => options.AsSpan(from, to - from))
    {
    }

    public int Customers => Segments.Length;

    public ReadOnlySpan<Option> Of(int customer)
    {
        Option[] room = [];
        return Of(customer, ref room);
    }

    /// <inheritdoc cref="OptionReader"/>
    public ReadOnlySpan<Option> Of(int customer, scoped ref Option[] room) => Read(Starts[customer], Starts[customer + 1], ref room);

    /// <summary>Some customers one after the other.</summary>
    /// <inheritdoc cref="OptionReader"/>
    public SomeOptions Of(int first, int count, scoped ref Option[] room) => new(Read(Starts[first], Starts[first + count], ref room), Starts.AsSpan(first, count + 1), first);
}

/// <summary>The options of some customers of a block.</summary>
readonly ref struct SomeOptions(ReadOnlySpan<Option> options, ReadOnlySpan<int> starts, int first)
{
    readonly ReadOnlySpan<Option> _options = options;
    readonly ReadOnlySpan<int> _starts = starts;

    /// <param name="customer">Her number in the block.</param>
    public ReadOnlySpan<Option> Of(int customer) => _options[(_starts[customer - first] - _starts[0])..(_starts[customer - first + 1] - _starts[0])];
}
