using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Kernels;
using Volna.Learning.Demand;

namespace Volna.Learning.Portraits;

/// <summary>Finds the portraits of a retailer's customers: clusters of a sample of them, and a name for each.</summary>
static class LearnPortraits
{
    public const int FewestCustomers = 50;

    const int MostCustomers = 20_000, CustomersEach = 50, MostPortraits = 8;

    // Less than a quarter of a standard deviation distinguishes nobody.
    const double Telling = 0.25;

    static readonly (Text More, Text Less)[] s_words =
    [
        (new("lately", "недавно"), new("long ago", "давно")),
        (new("often", "часто"), new("rarely", "редко")),
        (new("large receipts", "крупные чеки"), new("small receipts", "небольшие чеки")),
        (new("dear goods", "дорогие товары"), new("cheap goods", "недорогие товары")),
    ];

    /// <param name="before">Those of the present model: where the assortment still has the same parts, they are found again and keep their names.</param>
    /// <returns>Null where too few customers bought within the year.</returns>
    public static PortraitSet? Run(PurchaseSource source, Catalog catalog, DateOnly day, PortraitSet? before, ulong seed, CancellationToken stop)
    {
        var parts = CustomerTraits.PartsOf(catalog);
        var rows = Sample(source, new CustomerTraits(catalog, parts), day, seed, stop);
        if (rows.Count < FewestCustomers) return null;
        var (means, deviations) = Moments(rows);
        var weight = Math.Sqrt(Math.Max(1, parts.Length) / (double)CustomerTraits.FirstPart);
        // What is the same for all distinguishes nobody; divided by next to nothing, it would drown everything else in who comes later and differs.
        var set = new PortraitSet(parts, means, [.. deviations.Select((deviation, at) => (deviation < 1e-9 ? 1 : deviation) * (at < CustomerTraits.FirstPart ? 1 : weight))], []);
        foreach (var row in rows) set.Scale(row);

        var known = before is not null && before.Parts.SequenceEqual(parts) ? before.Portraits : [];
        var start = known.IsEmpty ? KMeans.Start(rows, Math.Clamp(rows.Count / CustomersEach, 2, MostPortraits), seed) : known.Select(portrait =>
        {
            double[] centre = [.. portrait.Centre];
            set.Scale(centre);
            return centre;
        }).ToList();
        var (centres, sizes) = KMeans.Run(rows, start, stop);
        var portraits = ImmutableArray.CreateBuilder<Portrait>();
        for (var at = 0; at < centres.Count; at++)
        {
            if (sizes[at] == 0) continue;
            ImmutableArray<double> centre = [.. centres[at].Select((scaled, trait) => means[trait] + (scaled * set.Scales[trait]))];
            var name = known.IsEmpty ? NameOf([.. centre.Select((mean, trait) => (mean - means[trait]) / Math.Max(deviations[trait], 1e-9))], parts, portraits) : known[at].Name;
            portraits.Add(new Portrait(name, (double)sizes[at] / rows.Count, centre));
        }

        return set with { Portraits = [.. portraits.OrderByDescending(portrait => portrait.Share).ThenBy(portrait => portrait.Name.English, StringComparer.Ordinal)] };
    }

    /// <summary>The traits of customers drawn by number, the same ones whatever the order of reading.</summary>
    static List<double[]> Sample(PurchaseSource source, CustomerTraits traits, DateOnly day, ulong seed, CancellationToken stop)
    {
        var drawn = new PriorityQueue<(ulong Key, double[] Traits), (ulong Key, int Customer)>(Comparer<(ulong Key, int Customer)>.Create((a, b) => b.CompareTo(a)));
        for (var shard = 0; shard < source.Shards; shard++)
            foreach (var history in source.ReadShard(shard))
            {
                stop.ThrowIfCancellationRequested();
                var key = new Draw(seed, "portraits", (ulong)history.Customer.Value).Next();
                if (drawn.Count == MostCustomers && key >= drawn.Peek().Key) continue;
                var own = new double[traits.Count];
                if (!traits.Read(history.Before(day), day, own)) continue;
                drawn.Enqueue((key, own), (key, history.Customer.Value));
                if (drawn.Count > MostCustomers) drawn.Dequeue();
            }

        var rows = new List<double[]>(drawn.Count);
        while (drawn.TryDequeue(out var one, out _)) rows.Add(one.Traits);
        return rows;
    }

    static (ImmutableArray<double> Means, ImmutableArray<double> Deviations) Moments(List<double[]> rows)
    {
        var moments = Enumerable.Range(0, rows[0].Length).Select(trait => (Mean: rows.Average(row => row[trait]), Trait: trait))
            .Select(one => (one.Mean, Deviation: Math.Sqrt(rows.Average(row => (row[one.Trait] - one.Mean) * (row[one.Trait] - one.Mean))))).ToList();
        return ([.. moments.Select(one => one.Mean)], [.. moments.Select(one => one.Deviation)]);
    }

    /// <summary>The two most telling of the first traits and the part of the assortment that has most more of their money; unlike the names before.</summary>
    static Text NameOf(ImmutableArray<double> deviations, ImmutableArray<string> parts, ImmutableArray<Portrait>.Builder before)
    {
        var words = Enumerable.Range(0, CustomerTraits.FirstPart).Where(trait => Math.Abs(deviations[trait]) >= Telling).OrderByDescending(trait => Math.Abs(deviations[trait])).Take(2).Order()
            .Select(trait => deviations[trait] > 0 ? s_words[trait].More : s_words[trait].Less).ToList();
        if (parts.Length > 0 && Enumerable.Range(0, parts.Length).MaxBy(part => deviations[CustomerTraits.FirstPart + part]) is var most && deviations[CustomerTraits.FirstPart + most] >= Telling)
        {
            var part = parts[most][(parts[most].LastIndexOf('/') + 1)..];
            words.Add(new Text(part, part));
        }

        if (words.Count == 0) words.Add(new Text("as most", "как большинство"));
        var name = new Text(string.Join(", ", words.Select(word => word.English)), string.Join(", ", words.Select(word => word.Russian)));
        var number = 1 + before.Count(portrait => portrait.Name.English == name.English || portrait.Name.English.StartsWith(name.English + " ", StringComparison.Ordinal));
        return number == 1 ? name : new Text($"{name.English} {number}", $"{name.Russian} {number}");
    }
}
