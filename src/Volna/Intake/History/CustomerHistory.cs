using System.Runtime.InteropServices;

namespace Volna.Intake.History;

/// <summary>
/// All purchases of one customer, oldest first; of one minute, lines of one receipt stand together. Readers hand out one instance again and again:
/// whoever keeps something of it beyond the next step copies it.
/// </summary>
public sealed class CustomerHistory
{
    readonly List<PurchaseLine> _lines = [];

    public CustomerHistory()
    {
    }

    /// <param name="customer">Whose purchases these are.</param>
    /// <param name="lines">In any order; they are sorted by time, receipt, product.</param>
    public CustomerHistory(CustomerId customer, IEnumerable<PurchaseLine> lines)
    {
        Customer = customer;
        _lines.AddRange(lines);
        Sort();
    }

    public CustomerId Customer { get; private set; }

    public ReadOnlySpan<PurchaseLine> Lines => CollectionsMarshal.AsSpan(_lines);

    /// <summary>The purchases of all days before one day: what could be known that morning.</summary>
    public ReadOnlySpan<PurchaseLine> Before(DateOnly day) => Lines[..FirstAtOrAfter(Clock.Minute(day))];

    /// <summary>The purchases within a period.</summary>
    public ReadOnlySpan<PurchaseLine> Within(Period period)
    {
        var (start, end) = PlacesWithin(period);
        return Lines[start..end];
    }

    /// <summary>Where the purchases within a period stand among <see cref="Lines"/>: the first, and the one after the last.</summary>
    internal (int Start, int End) PlacesWithin(Period period)
    {
        var start = FirstAtOrAfter(Clock.Minute(period.Start));
        return (start, Math.Max(start, FirstAtOrAfter(Clock.Minute(period.End))));
    }

    internal void Start(CustomerId customer)
    {
        Customer = customer;
        _lines.Clear();
    }

    internal void Add(in PurchaseLine line) => _lines.Add(line);

    /// <summary>Sorts the lines by all that they are, so that the order never depends on which files brought them.</summary>
    internal void Sort()
    {
        // Nearly all are in order already, by their time alone.
        var lines = Lines;
        for (var i = 1; i < lines.Length; i++)
            if (lines[i - 1].Minute >= lines[i].Minute && Compare(lines[i - 1], lines[i]) > 0)
            {
                _lines.Sort(Compare);
                return;
            }
    }

    internal static int Compare(PurchaseLine a, PurchaseLine b)
    {
        var order = a.Minute.CompareTo(b.Minute);
        if (order == 0) order = a.Receipt.CompareTo(b.Receipt);
        if (order == 0) order = a.Store.CompareTo(b.Store);
        if (order == 0) order = a.Product.CompareTo(b.Product);
        if (order == 0) order = a.QuantityThousandths.CompareTo(b.QuantityThousandths);
        if (order == 0) order = a.PaidMinor.CompareTo(b.PaidMinor);
        return order == 0 ? a.DiscountMinor.CompareTo(b.DiscountMinor) : order;
    }

    int FirstAtOrAfter(int minute)
    {
        var lines = Lines;
        int low = 0, high = lines.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (lines[middle].Minute < minute) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
