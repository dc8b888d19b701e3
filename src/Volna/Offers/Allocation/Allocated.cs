using System.Collections.Immutable;

namespace Volna.Offers.Allocation;

/// <summary>Which options each customer gets, what that is worth, and how much better any other allocation could be.</summary>
sealed class Allocated
{
    readonly Choices[] _chosen;

    public Allocated(AllocationProblem problem)
    {
        Options = problem.Options;
        _chosen = [.. problem.Blocks.Select(block => new Choices(block.Customers, Most(problem)))];
    }

    /// <summary>How many were weighed.</summary>
    public long Options { get; }

    /// <summary>The sum of the chosen options' values, in thousandths of a minor unit.</summary>
    public long ValueMilli { get; set; }

    /// <summary>No allocation within the limits is worth more.</summary>
    public long BoundMilli { get; set; }

    /// <summary>Looks at the customers until prices were found, at a sample of them or all.</summary>
    public int Rounds { get; init; }

    /// <summary>In the order of the problem's limits.</summary>
    public ImmutableArray<LimitUse> Limits { get; set; } = [];

    /// <summary>How far at most from the best there is, as a share of it.</summary>
    public double Gap => BoundMilli <= 0 ? 0 : 1 - ((double)ValueMilli / BoundMilli);

    /// <summary>Most offers of a customer.</summary>
    public static int Most(AllocationProblem problem) => problem.Slots.Max(slots => slots.Sum());

    /// <summary>Places of a customer's chosen among her options.</summary>
    public ReadOnlySpan<ushort> Of(int block, int customer) => _chosen[block].Of(customer);

    public void Set(int block, int customer, List<int> places) => _chosen[block].Set(customer, places);

    /// <summary>Places of the chosen options of customers side by side.</summary>
    internal sealed class Choices
    {
        const ushort Empty = ushort.MaxValue;

        readonly int _most;
        readonly ushort[] _places;

        public Choices(int customers, int most)
        {
            (_most, _places) = (most, new ushort[customers * most]);
            Array.Fill(_places, Empty);
        }

        public ReadOnlySpan<ushort> Of(int customer)
        {
            var chosen = _places.AsSpan(customer * _most, _most);
            var end = chosen.IndexOf(Empty);
            return end < 0 ? chosen : chosen[..end];
        }

        public void Set(int customer, ReadOnlySpan<ushort> from)
        {
            var chosen = _places.AsSpan(customer * _most, _most);
            chosen.Fill(Empty);
            from.CopyTo(chosen);
        }

        public void Set(int customer, List<int> places)
        {
            var chosen = _places.AsSpan(customer * _most, _most);
            chosen.Fill(Empty);
            for (var i = 0; i < places.Count; i++) chosen[i] = checked((ushort)places[i]);
        }
    }
}

/// <summary>What became of a limit.</summary>
/// <param name="Price">
/// The shadow price: what one more unit would bring, in thousandths of a minor unit of value for a thousandth of money or for an offer; 0 where it isn't
/// reached, negative where a promise costs.
/// </param>
readonly record struct LimitUse(long Used, double Price);
