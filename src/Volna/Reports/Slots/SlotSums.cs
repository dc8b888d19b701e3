using Volna.Intake.History;
using Volna.Kernels;
using Volna.Offers;

namespace Volna.Reports.Slots;

/// <summary>What the customers of a trial bought in one shard, by the kinds of slots among their offers: in all, and of the goods offered to each in that kind.</summary>
sealed class SlotSums(TriedKinds tried)
{
    /// <summary>Spend on the goods within the validity, before it, and 1 if she bought any within it.</summary>
    const int GoodsNumbers = 3;

    // By kind, times two for the arms.
    readonly VectorMoments?[] _outcomes = new VectorMoments?[2 * TriedKinds.Kinds];
    readonly VectorMoments?[] _goods = new VectorMoments?[2 * TriedKinds.Kinds];
    readonly double[] _spent = new double[GoodsNumbers];

    /// <param name="within">What she bought within the validity.</param>
    /// <param name="before">What she bought in the weeks before.</param>
    /// <param name="measures">Of the customer, by place of <see cref="Measure"/>.</param>
    public void Add(CustomerId customer, ReadOnlySpan<PurchaseLine> within, ReadOnlySpan<PurchaseLine> before, ReadOnlySpan<double> measures)
    {
        var offers = tried.Of(customer, out var heldOut);
        if (offers.IsEmpty) return;
        for (var kind = 0; kind < TriedKinds.Kinds; kind++)
        {
            if (!Has(offers, (SlotKind)kind)) continue;
            var cell = (2 * kind) + (heldOut ? 1 : 0);
            (_outcomes[cell] ??= new VectorMoments(Measures.Count)).Add(measures);
            _spent[0] = Spent(within, offers, (SlotKind)kind);
            _spent[1] = Spent(before, offers, (SlotKind)kind);
            _spent[2] = _spent[0] > 0 ? 1 : 0;
            (_goods[cell] ??= new VectorMoments(GoodsNumbers)).Add(_spent);
        }
    }

    /// <summary>By kind of slot: its customers with all measures, then the goods offered to them; who wasn't added bought nothing.</summary>
    public static IEnumerable<GroupCounts> Whole(TriedKinds tried, IReadOnlyList<SlotSums> shards)
    {
        for (var kind = 0; kind < TriedKinds.Kinds; kind++)
        {
            if (tried.Customers[2 * kind] + tried.Customers[(2 * kind) + 1] == 0) continue;
            var name = Name((SlotKind)kind);
            yield return new GroupCounts(Dimension.Slot, name, Merged(shard => shard._outcomes, 2 * kind, Measures.Count), Merged(shard => shard._outcomes, (2 * kind) + 1, Measures.Count));
            yield return new GroupCounts(Dimension.SlotGoods, name, Merged(shard => shard._goods, 2 * kind, GoodsNumbers), Merged(shard => shard._goods, (2 * kind) + 1, GoodsNumbers));
        }

        VectorMoments Merged(Func<SlotSums, VectorMoments?[]> of, int cell, int numbers)
        {
            var whole = new VectorMoments(numbers);
            foreach (var shard in shards)
                if (of(shard)[cell] is { } moments)
                    whole.Merge(moments);
            whole.AddZeros(tried.Customers[cell] - whole.Count);
            return whole;
        }
    }

    /// <summary>As groups of a kind of slot are called.</summary>
    public static string Name(SlotKind slot) => slot.ToString().ToLowerInvariant();

    static bool Has(ReadOnlySpan<(int Product, SlotKind Slot)> offers, SlotKind slot)
    {
        foreach (var offer in offers)
            if (offer.Slot == slot)
                return true;
        return false;
    }

    static long Spent(ReadOnlySpan<PurchaseLine> lines, ReadOnlySpan<(int Product, SlotKind Slot)> offers, SlotKind slot)
    {
        long spent = 0;
        foreach (ref readonly var line in lines)
            foreach (var offer in offers)
                if (offer.Slot == slot && offer.Product == line.Product)
                {
                    spent += line.PaidMinor;
                    break;
                }

        return spent;
    }
}
