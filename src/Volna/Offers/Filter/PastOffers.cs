using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning.Demand;
using Volna.Offers.Plans;

namespace Volna.Offers.Filter;

/// <summary>What a customer was offered in earlier waves; one instance serves one customer after the other.</summary>
sealed class PastOffers
{
    /// <summary>So many offers of a product without a purchase say that she doesn't want it.</summary>
    const int IgnoredLimit = 2;

    readonly HashSet<int> _recent = [];
    readonly Dictionary<int, int> _ignored = [];
    readonly Dictionary<Channels, int> _through = [];

    /// <summary>Waves of late, by the plan's word, in which she was offered something.</summary>
    public int Contacts { get; private set; }

    /// <summary>Channels through which she was written to as often as the plan allows.</summary>
    public Channels Closed { get; private set; }

    public bool OfferedRecently(int product) => _recent.Contains(product);

    public bool IgnoredTwice(int product) => _ignored.GetValueOrDefault(product) >= IgnoredLimit;

    public void Clear()
    {
        _recent.Clear();
        _ignored.Clear();
        (Contacts, Closed) = (0, Channels.None);
        _through.Clear();
    }

    /// <summary>Finds <see cref="Closed"/>, when all earlier waves are added.</summary>
    public void Close(ImmutableDictionary<Channels, ContactLimit> limits)
    {
        foreach (var (channel, limit) in limits)
            if (_through.GetValueOrDefault(channel) >= limit.Most)
                Closed |= channel;
    }

    /// <summary>Counts an earlier wave with offers against a channel's limit.</summary>
    public void AddContact(Channels channel) => _through[channel] = _through.GetValueOrDefault(channel) + 1;

    /// <summary>Adds an earlier wave.</summary>
    /// <param name="products">What it offered her.</param>
    /// <param name="late">True if it counts against the limit of contacts.</param>
    /// <param name="recent">True if its products shall not be offered again yet.</param>
    /// <param name="over">True if its validity has ended, so that what she didn't buy she ignored.</param>
    /// <param name="bought">Her purchases within its validity.</param>
    /// <param name="basket">What her whole basket had to come to, if it offered her something for that.</param>
    public void Add(ReadOnlySpan<int> products, bool recent, bool over, ReadOnlySpan<PurchaseLine> bought, bool late = false, Money basket = default)
    {
        if (late && products.Length > 0) Contacts++;
        foreach (var product in products)
        {
            if (recent) _recent.Add(product);
            if (over && !(product == Candidate.WholeBasket ? Reached(bought, basket) : PurchaseLine.HasBought(bought, product))) _ignored[product] = _ignored.GetValueOrDefault(product) + 1;
        }
    }

    static bool Reached(ReadOnlySpan<PurchaseLine> bought, Money basket)
    {
        var sums = new Dictionary<ulong, long>();
        foreach (ref readonly var line in bought)
            if (!line.IsReturn)
                CollectionsMarshal.GetValueRefOrAddDefault(sums, line.Receipt, out _) += line.PaidMinor + line.DiscountMinor;
        return sums.Values.Any(sum => sum >= basket.Minor);
    }
}
