using System.Collections.Immutable;

namespace Volna.Offers.Allocation;

/// <summary>Which options each customer gets, what that is worth, and how much better any other allocation could be.</summary>
sealed class Allocated
{
    const ushort Empty = ushort.MaxValue;

    readonly int _most;
    readonly ushort[][] _chosen;

    public Allocated(AllocationProblem problem)
    {
        _most = problem.Slots.Max(slots => slots.Sum());
        _chosen = [.. problem.Blocks.Select(block => new ushort[block.Customers * _most])];
        foreach (var chosen in _chosen) Array.Fill(chosen, Empty);
    }

    /// <summary>The sum of the chosen options' values, in thousandths of a minor unit.</summary>
    public long ValueMilli { get; set; }

    /// <summary>No allocation within the limits is worth more.</summary>
    public required long BoundMilli { get; init; }

    /// <summary>In the order of the problem's limits.</summary>
    public ImmutableArray<LimitUse> Limits { get; set; } = [];

    /// <summary>How far at most from the best there is, as a share of it.</summary>
    public double Gap => BoundMilli <= 0 ? 0 : 1 - ((double)ValueMilli / BoundMilli);

    /// <summary>Places of a customer's chosen among her options.</summary>
    public ReadOnlySpan<ushort> Of(int block, int customer)
    {
        var chosen = _chosen[block].AsSpan(customer * _most, _most);
        var end = chosen.IndexOf(Empty);
        return end < 0 ? chosen : chosen[..end];
    }

    public void Set(int block, int customer, List<int> places)
    {
        var chosen = _chosen[block].AsSpan(customer * _most, _most);
        chosen.Fill(Empty);
        for (var i = 0; i < places.Count; i++) chosen[i] = checked((ushort)places[i]);
    }
}

/// <summary>What became of a limit.</summary>
/// <param name="Price">
/// The shadow price: what one more unit would bring, in thousandths of a minor unit of value for a thousandth of money or for an offer; 0 where it isn't
/// reached, negative where a promise costs.
/// </param>
readonly record struct LimitUse(long Used, double Price);
