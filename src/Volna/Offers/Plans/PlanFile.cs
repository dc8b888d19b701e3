using System.Collections.Immutable;
using System.Text.Json;
using Volna.Intake.Catalog;

namespace Volna.Offers.Plans;

/// <summary>A plan as people write it: JSON, with comments allowed, read strictly.</summary>
public static class PlanFile
{
    /// <summary>Most offers a customer may get: a receipt and a screen hold no more.</summary>
    public const int MostOffers = 10;

    /// <summary>How many earlier waves a new one looks back on.</summary>
    public const int EarlierWaves = 12;

    static readonly ImmutableArray<(string Name, SlotKind Value)> Kinds =
        [("habit", SlotKind.Habit), ("discovery", SlotKind.Discovery), ("margin", SlotKind.Margin), ("winback", SlotKind.Winback)];

    static readonly ImmutableArray<(string Name, Channels Value)> ChannelNames = [("app", Channels.App), ("email", Channels.Email), ("print", Channels.Print)];

    static readonly ImmutableArray<(string Name, TargetKind Value)> LimitTargets =
    [
        ("all", TargetKind.Basket), ("product", TargetKind.Product), ("category", TargetKind.Category), ("brand", TargetKind.Brand), ("supplier", TargetKind.Supplier), ("tag", TargetKind.Tag),
    ];

    static readonly ImmutableArray<(string Name, HealthFigure Value)> HealthFigures =
        [.. Enum.GetValues<HealthFigure>().Select(figure => (JsonNamingPolicy.CamelCase.ConvertName(figure.ToString()), figure))];

    /// <summary>Reads a plan.</summary>
    /// <param name="file">How messages call it.</param>
    /// <exception cref="BadInputException">One sentence for the first mistake: file, place, what was found, what was expected.</exception>
    public static Plan Parse(string file, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return Read(new PlanNode(file, "", document.RootElement));
        }
        catch (JsonException mistake)
        {
            var place = (mistake.LineNumber + 1, mistake.BytePositionInLine + 1);
            throw new BadInputException("plan-no-json", new Text(
                $"{file}: line {place.Item1}, column {place.Item2}: isn't JSON; expected a plan as `volna schema plan` prints it.",
                $"{file}: строка {place.Item1}, позиция {place.Item2}: это не JSON; ожидался план, образец печатает `volna schema plan`."));
        }
    }

    /// <summary>Looks whether the categories that segments name exist in the catalogue.</summary>
    /// <exception cref="BadInputException">One doesn't.</exception>
    public static void CheckCategories(Plan plan, string file, Catalog catalog)
    {
        foreach (var segment in plan.Segments)
            foreach (var path in segment.When?.Bought?.Categories ?? [])
                if (catalog.FindCategory(path) is null)
                    throw new BadInputException("plan-category-unknown", new Text(
                        $"{file}: segment '{segment.Name}': the category '{path}' isn't in the catalogue; expected a path such as {Example(catalog)}.",
                        $"{file}: сегмент «{segment.Name}»: категории «{path}» нет в каталоге; ожидался путь, например {Example(catalog)}."));
    }

    /// <summary>Looks whether the goods that limits name exist in the catalogue.</summary>
    /// <exception cref="BadInputException">A limit concerns nothing.</exception>
    public static void CheckLimits(Plan plan, string file, Catalog catalog)
    {
        foreach (var limit in plan.Limits)
            if (!catalog.Products.Any(product => product is not null && Filter.Goods.Concerns(catalog, product, limit.Of, limit.Value)))
                throw new BadInputException("plan-limit-empty", new Text(
                    $"{file}: limit '{limit.Name}': no product of the catalogue belongs to '{limit.Value}'; expected a product, category, brand, supplier or tag as the imported files name it.",
                    $"{file}: ограничение «{limit.Name}»: ни один товар каталога не относится к «{limit.Value}»; ожидались товар, категория, марка, поставщик или метка, как в загруженных файлах."));
    }

    static string Example(Catalog catalog) => catalog.Categories.FirstOrDefault(category => category is not null)?.Path ?? "Food/Dairy";

    /// <summary>Reads only a plan's name; empty where the text has none.</summary>
    public static string ParseName(string text)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return document.RootElement.TryGetProperty("name", out var name) ? name.GetString() ?? "" : "";
    }

    /// <summary>Reads only what a plan says to the tills.</summary>
    /// <inheritdoc cref="Parse"/>
    public static TillRules ParseTill(string file, string text)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return new PlanNode(file, "", document.RootElement).Properties().TryGetValue("till", out var till) ? ReadTill(till) : TillRules.None;
    }

    static Plan Read(PlanNode root)
    {
        var all = root.Properties(
            "name", "language", "validityDays", "holdoutShare", "universalHoldoutShare", "explorationShare", "learnResponse", "channels", "discountSteps", "leastMarginPercent", "assumedCostPercent", "priceStep",
            "mostPerCategory", "repeatAfterWaves", "rest", "lapsedAfterDays", "soldWithinDays", "segments", "slots", "slotKinds", "corridors", "limits", "till", "watch");
        PlanNode Need(string name) => root.Required(all, name);

        var rest = Need("rest").Properties("shareOfRhythm", "days");
        var kinds = ReadKinds(Need("slotKinds"));
        return new Plan
        {
            Name = Need("name").Words(),
            Language = Need("language").OneOf([("en", Language.English), ("ru", Language.Russian)]),
            ValidityDays = Need("validityDays").Whole(1, 92),
            HoldoutShare = (double)Need("holdoutShare").Number(0, 0.9m),
            UniversalHoldoutShare = all.TryGetValue("universalHoldoutShare", out var universal) ? (double)universal.Number(0, 0.5m) : 0,
            ExplorationShare = (double)Need("explorationShare").Number(0, 1),
            LearnsResponse = all.TryGetValue("learnResponse", out var learns) && learns.YesNo(),
            Channels = ReadChannels(Need("channels")),
            DiscountSteps = Need("discountSteps").Ladder(),
            LeastMargin = Percent.Of(Need("leastMarginPercent").Number(0, 99)),
            AssumedCost = all.TryGetValue("assumedCostPercent", out var cost) ? Percent.Of(cost.Number(0, 100)) : null,
            PriceStep = Money.FromMajor(Need("priceStep").Number(0.01m, 1_000)),
            MostPerCategory = Need("mostPerCategory").Whole(1, MostOffers),
            RepeatAfterWaves = Need("repeatAfterWaves").Whole(0, EarlierWaves),
            RestShareOfRhythm = (double)Need("rest").Required(rest, "shareOfRhythm").Number(0, 1),
            RestDays = Need("rest").Required(rest, "days").Whole(0, 366),
            LapsedAfterDays = Need("lapsedAfterDays").Whole(1, 3_660),
            SoldWithinDays = Need("soldWithinDays").Whole(1, 3_660),
            Segments = ReadSegments(Need("segments"), Need("slots"), kinds),
            SlotKinds = kinds,
            Corridors = ReadCorridors(Need("corridors")),
            Limits = all.TryGetValue("limits", out var limits) ? ReadLimits(limits) : [],
            Till = all.TryGetValue("till", out var till) ? ReadTill(till) : TillRules.None,
            Watch = all.TryGetValue("watch", out var watch) ? ReadWatch(watch) : WatchRules.None,
        };
    }

    static Channels ReadChannels(PlanNode node)
    {
        var channels = Channels.None;
        foreach (var item in node.Items()) channels |= item.OneOf(ChannelNames);
        return channels != Channels.None ? channels : throw node.Wrong("at least one of app, email, print", "хотя бы одно из: app, email, print");
    }

    static ImmutableDictionary<SlotKind, SlotTerms> ReadKinds(PlanNode node)
    {
        var kinds = ImmutableDictionary.CreateBuilder<SlotKind, SlotTerms>();
        foreach (var (name, terms) in node.Properties([.. Kinds.Select(kind => kind.Name)]))
        {
            var properties = terms.Properties("oddsPerTenPercent", "turnoverWorth", "discountSteps");
            kinds.Add(Kinds.Single(kind => kind.Name == name).Value, new SlotTerms(
                (double)terms.Required(properties, "oddsPerTenPercent").Number(1, 100),
                (double)terms.Required(properties, "turnoverWorth").Number(0, 10),
                properties.TryGetValue("discountSteps", out var steps) ? steps.Ladder() : null));
        }

        return kinds.ToImmutable();
    }

    static ImmutableArray<Segment> ReadSegments(PlanNode segmentsNode, PlanNode slotsNode, ImmutableDictionary<SlotKind, SlotTerms> kinds)
    {
        var segments = new List<(string Name, SegmentRule? When, PlanNode Node)>();
        foreach (var item in segmentsNode.Items())
        {
            var properties = item.Properties("name", "when");
            var name = item.Required(properties, "name");
            if (segments.Any(segment => segment.Name == name.Words())) throw name.Wrong("a name that no other segment has", "название, которого нет у других сегментов");
            if (segments.Count > 0 && segments[^1].When is null) throw segments[^1].Node.Wrong("a 'when', because a segment without it fits everybody and must be the last", "условие «when»: сегмент без него подходит всем и должен быть последним");
            segments.Add((name.Words(), properties.TryGetValue("when", out var when) ? ReadRule(when) : null, item));
        }

        if (segments.Count is 0 or > 200) throw segmentsNode.Wrong("1 to 200 segments", "от 1 до 200 сегментов");
        if (segments[^1].When is not null) throw segments[^1].Node.Wrong("no 'when': the last segment takes everybody else", "сегмент без «when»: последний сегмент берёт всех остальных");

        var slots = slotsNode.Properties();
        foreach (var (name, node) in slots)
            if (segments.All(segment => segment.Name != name))
                throw node.Unknown(segments.Select(segment => segment.Name));
        return [.. segments.Select(segment => new Segment(segment.Name, segment.When, ReadSlots(slotsNode.Required(slots, segment.Name), kinds)))];
    }

    static ImmutableArray<Slot> ReadSlots(PlanNode node, ImmutableDictionary<SlotKind, SlotTerms> kinds)
    {
        var slots = ImmutableArray.CreateBuilder<Slot>();
        foreach (var (name, count) in node.Properties([.. Kinds.Select(kind => kind.Name)]))
        {
            var kind = Kinds.Single(one => one.Name == name).Value;
            if (!kinds.ContainsKey(kind)) throw count.Unknown(kinds.Keys.Order().Select(known => Kinds.Single(one => one.Value == known).Name));
            slots.Add(new Slot(kind, count.Whole(1, MostOffers)));
        }

        if (slots.Sum(slot => slot.Count) is 0 or > MostOffers)
            throw node.Wrong($"1 to {MostOffers} offers in all", $"всего от 1 до {MostOffers} предложений");
        return slots.ToImmutable();
    }

    static SegmentRule ReadRule(PlanNode node)
    {
        var properties = node.Properties("recencyDays", "receipts", "spent", "bought");
        if (properties.Count == 0) throw node.Wrong("at least one of recencyDays, receipts, spent, bought", "хотя бы одно из: recencyDays, receipts, spent, bought");
        WithinDays? Within(string name) => properties.TryGetValue(name, out var band) ? new WithinDays(Days(band), band.Band("withinDays")) : null;
        BoughtWithin? bought = null;
        if (properties.TryGetValue("bought", out var what))
        {
            var parts = what.Properties("withinDays", "anyOf");
            var categories = what.Required(parts, "anyOf");
            bought = new BoughtWithin(Days(what), [.. categories.Items().Select(item => item.Words())]);
            if (bought.Categories.IsEmpty) throw categories.Wrong("at least one category", "хотя бы одна категория");
        }

        return new SegmentRule(properties.TryGetValue("recencyDays", out var recency) ? recency.Band() : null, Within("receipts"), Within("spent"), bought);
    }

    static int Days(PlanNode node) => node.Required(node.Properties(), "withinDays").Whole(1, 3_660);

    static ImmutableArray<PlanLimit> ReadLimits(PlanNode node)
    {
        var limits = ImmutableArray.CreateBuilder<PlanLimit>();
        foreach (var item in node.Items())
        {
            var all = item.Properties("name", "of", "value", "budget", "mostOffers", "leastOffers");
            var name = item.Required(all, "name");
            if (limits.Any(limit => limit.Name == name.Words())) throw name.Wrong("a name that no other limit has", "название, которого нет у других ограничений");
            var of = item.Required(all, "of").OneOf(LimitTargets);
            Money? budget = all.TryGetValue("budget", out var money) ? Money.FromMajor(money.Number(0, 1_000_000_000_000m)) : null;
            int? most = all.TryGetValue("mostOffers", out var mostOffers) ? mostOffers.Whole(0, int.MaxValue) : null;
            int? least = all.TryGetValue("leastOffers", out var leastOffers) ? leastOffers.Whole(1, int.MaxValue) : null;
            if (budget is null && most is null && least is null) throw item.Wrong("at least one of budget, mostOffers, leastOffers", "хотя бы одно из: budget, mostOffers, leastOffers");
            if (least > most) throw leastOffers.Wrong($"at most {most}, the value of 'mostOffers'", $"не больше {most}, значения «mostOffers»");
            limits.Add(new PlanLimit(name.Words(), of, of == TargetKind.Basket ? "" : item.Required(all, "value").Words(), budget, most, least));
        }

        return limits.Count <= 10_000 ? limits.ToImmutable() : throw node.Wrong("at most 10000 limits", "не больше 10000 ограничений");
    }

    static TillRules ReadTill(PlanNode node)
    {
        var all = node.Properties("mostPerCustomer", "mostPerTarget", "mostPerWave", "mostPerStore", "mostPerDay", "budget", "supplierBudgets", "pointsBudget", "mostPieces", "basketOnTop", "offline");
        int? Most(string name) => all.TryGetValue(name, out var most) ? most.Whole(0, 2_000_000_000) : null;
        static Money Amount(PlanNode node) => Money.FromMajor(node.Number(0, 1_000_000_000_000m));
        return new TillRules
        {
            MostPerCustomer = Most("mostPerCustomer"),
            MostPerTarget = Most("mostPerTarget"),
            MostPerWave = Most("mostPerWave"),
            MostPerStore = Most("mostPerStore"),
            MostPerDay = Most("mostPerDay"),
            Budget = all.TryGetValue("budget", out var budget) ? Amount(budget) : null,
            PointsBudget = all.TryGetValue("pointsBudget", out var points) ? Amount(points) : null,
            SupplierBudgets = all.TryGetValue("supplierBudgets", out var suppliers)
                ? suppliers.Properties().ToImmutableDictionary(supplier => supplier.Key, supplier => Amount(supplier.Value))
                : ImmutableDictionary<string, Money>.Empty,
            MostPieces = all.TryGetValue("mostPieces", out var pieces) ? Quantity.Of(pieces.Number(0.001m, 100_000)) : default,
            BasketOnTop = !all.TryGetValue("basketOnTop", out var onTop) || onTop.YesNo(),
            Offline = all.TryGetValue("offline", out var offline) ? ReadOffline(offline) : null,
        };
    }

    static OfflineRules ReadOffline(PlanNode node)
    {
        var all = node.Properties("mode", "copies");
        var isLeased = node.Required(all, "mode").OneOf<bool>([("packs", false), ("leased", true)]);
        // A leased right has one holder.
        return new OfflineRules(isLeased, all.TryGetValue("copies", out var copies) ? copies.Whole(1, isLeased ? 1 : 8) : 1);
    }

    static Corridors ReadCorridors(PlanNode node)
    {
        var all = node.Properties([.. LaunchMetrics.Names.Select(metric => metric.Name), "learnt"]);
        LearntCorridors? learnt = null;
        if (all.TryGetValue("learnt", out var how))
        {
            var parts = how.Properties("waves", "deviations");
            learnt = new LearntCorridors(how.Required(parts, "waves").Whole(LearntCorridors.FewestWaves, 52), (double)how.Required(parts, "deviations").Number(1, 100));
        }

        return new Corridors(LaunchMetrics.Names.Where(metric => all.ContainsKey(metric.Name)).ToImmutableDictionary(metric => metric.Value, metric => all[metric.Name].Band()), learnt);
    }

    static WatchRules ReadWatch(PlanNode node)
    {
        var rules = node.Properties("bands", "stop");
        var bands = rules.TryGetValue("bands", out var given)
            ? given.Properties([.. HealthFigures.Select(figure => figure.Name)]).ToImmutableDictionary(band => HealthFigures.Single(figure => figure.Name == band.Key).Value, band => band.Value.Band())
            : ImmutableDictionary<HealthFigure, Band>.Empty;
        return new WatchRules(bands, rules.TryGetValue("stop", out var stop) ? [.. stop.Items().Select(item => item.OneOf(HealthFigures))] : []);
    }
}
