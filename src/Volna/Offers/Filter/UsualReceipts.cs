using System.Runtime.InteropServices;
using Volna.Intake.History;

namespace Volna.Offers.Filter;

/// <summary>What a customer spends at once on goods that count in a basket; one instance serves one customer after the other.</summary>
sealed class UsualReceipts
{
    /// <summary>The receipts of this time before a wave are looked at.</summary>
    public const int Days = 180;

    /// <summary>Fewer tell nothing.</summary>
    public const int Fewest = 5;

    readonly Dictionary<ulong, int> _places = [];
    readonly List<long> _sums = [];

    /// <summary>False if too little is known of her.</summary>
    public bool AreKnown => _sums.Count >= Fewest;

    /// <summary>The median of what she paid at once.</summary>
    public Money Usual => new(_sums[_sums.Count / 2]);

    /// <summary>Receipts in a day, on the average.</summary>
    public double PerDay { get; private set; }

    /// <summary>The share of her receipts that reach a sum, a half added to either side (Krichevsky and Trofimov 1981).</summary>
    public double ShareFrom(Money sum)
    {
        var below = CollectionsMarshal.AsSpan(_sums).BinarySearch(sum.Minor);
        if (below < 0) below = ~below;
        while (below > 0 && _sums[below - 1] == sum.Minor) below--;
        return (_sums.Count - below + 0.5) / (_sums.Count + 1);
    }

    /// <param name="lines">Her purchases before the day, oldest first.</param>
    public void Take(ReadOnlySpan<PurchaseLine> lines, Goods goods, DateOnly day)
    {
        _places.Clear();
        _sums.Clear();
        var from = Clock.Minute(day.AddDays(-Days));
        var first = lines.Length;
        while (first > 0 && lines[first - 1].Minute >= from) first--;
        foreach (ref readonly var line in lines[first..])
        {
            if (line.IsReturn || goods[line.Product].OutOfBasket) continue;
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, line.Receipt, out var isKnown);
            if (!isKnown)
            {
                place = _sums.Count;
                _sums.Add(0);
            }

            _sums[place] += line.PaidMinor;
        }

        _sums.Sort();
        PerDay = first == lines.Length ? 0 : (double)_sums.Count / Math.Min(Days, Math.Max(1, day.DayNumber - lines[0].Day.DayNumber));
    }
}
