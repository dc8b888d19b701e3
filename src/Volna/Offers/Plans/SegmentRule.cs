using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning.Portraits;

namespace Volna.Offers.Plans;

/// <summary>Who belongs to a segment, by recency, frequency, money and categories; all conditions given must hold.</summary>
/// <param name="RecencyDays">Days since her last purchase; doesn't hold for a customer who never bought.</param>
/// <param name="Receipts">Number of receipts within the last days.</param>
/// <param name="Spent">Money spent within the last days, in major units, returns taken off.</param>
/// <param name="Bought">Bought anything of these categories, or below them, within the last days.</param>
public sealed record SegmentRule(Band? RecencyDays, WithinDays? Receipts, WithinDays? Spent, BoughtWithin? Bought)
{
    /// <summary>Names of portraits, any of which is hers; none asks for none.</summary>
    public ImmutableArray<string> Portraits { get; init; } = [];

    /// <param name="day">The wave's first day.</param>
    /// <param name="lines">Her purchases before that day, oldest first.</param>
    /// <param name="portraits">Needed where the rule names some.</param>
    public bool Fits(DateOnly day, ReadOnlySpan<PurchaseLine> lines, Catalog catalog, PortraitFinder? portraits = null)
    {
        if (RecencyDays is { } recency && !(LastPurchase(lines) is { } last && recency.Contains(day.DayNumber - last.DayNumber))) return false;
        if (Receipts is { } receipts && !receipts.Band.Contains(CountReceipts(lines, day.AddDays(-receipts.Days)))) return false;
        if (Spent is { } spent && !spent.Band.Contains(Sum(lines, day.AddDays(-spent.Days)).Major)) return false;
        if (!Portraits.IsEmpty && !HasPortrait(portraits ?? throw new InvalidOperationException("A segment asks for a portrait, and none were learnt."), lines, day)) return false;
        return Bought is not { } bought || HasBought(lines, day.AddDays(-bought.Days), bought.Categories, catalog);
    }

    bool HasPortrait(PortraitFinder portraits, ReadOnlySpan<PurchaseLine> lines, DateOnly day)
    {
        if (portraits.Of(lines, day) is not { } own) return false;
        foreach (var name in Portraits)
            if (own.IsCalled(name))
                return true;
        return false;
    }

    static DateOnly? LastPurchase(ReadOnlySpan<PurchaseLine> lines)
    {
        for (var at = lines.Length - 1; at >= 0; at--)
            if (!lines[at].IsReturn)
                return lines[at].Day;
        return null;
    }

    static int CountReceipts(ReadOnlySpan<PurchaseLine> lines, DateOnly from)
    {
        var start = Clock.Minute(from);
        var at = lines.Length;
        while (at > 0 && lines[at - 1].Minute >= start) at--;
        return PurchaseLine.CountReceipts(lines[at..]);
    }

    static Money Sum(ReadOnlySpan<PurchaseLine> lines, DateOnly from)
    {
        var sum = 0L;
        var start = Clock.Minute(from);
        for (var at = lines.Length - 1; at >= 0 && lines[at].Minute >= start; at--) sum += lines[at].PaidMinor;
        return new Money(sum);
    }

    static bool HasBought(ReadOnlySpan<PurchaseLine> lines, DateOnly from, ImmutableArray<string> categories, Catalog catalog)
    {
        var start = Clock.Minute(from);
        for (var at = lines.Length - 1; at >= 0 && lines[at].Minute >= start; at--)
        {
            if (lines[at].IsReturn) continue;
            var category = catalog.Product(lines[at].Product).Category;
            foreach (var path in categories)
                if (catalog.FindCategory(path) is { } sought && catalog.IsWithin(category, sought.Id))
                    return true;
        }

        return false;
    }
}

/// <summary>A band for what happened in the last days.</summary>
public readonly record struct WithinDays(int Days, Band Band);

/// <param name="Categories">Paths, such as <c>Food/Dairy</c>.</param>
public sealed record BoughtWithin(int Days, ImmutableArray<string> Categories);
