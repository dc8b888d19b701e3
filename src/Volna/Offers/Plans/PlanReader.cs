using System.Collections.Immutable;
using System.Text.Json;
using Volna.Intake.Catalog;

namespace Volna.Offers.Plans;

/// <summary>Makes a plan of its file's values.</summary>
static class PlanReader
{
    static readonly ImmutableArray<(string Name, SlotKind Value)> Kinds =
        [("habit", SlotKind.Habit), ("discovery", SlotKind.Discovery), ("margin", SlotKind.Margin), ("winback", SlotKind.Winback), ("supplier", SlotKind.Supplier), ("complement", SlotKind.Complement), ("points", SlotKind.Points), ("basket", SlotKind.Basket)];

    static readonly ImmutableArray<(string Name, Mechanic Value)> Mechanics =
        [("percent", Mechanic.PercentOff), ("amount", Mechanic.AmountOff), ("fixedPrice", Mechanic.FixedPrice), ("points", Mechanic.Points), ("nPlusM", Mechanic.NPlusM)];

    static readonly ImmutableArray<(string Name, Channels Value)> ChannelNames = [("app", Channels.App), ("email", Channels.Email), ("print", Channels.Print)];

    static readonly ImmutableArray<(string Name, TargetKind Value)> LimitTargets =
    [
        ("all", TargetKind.Basket), ("product", TargetKind.Product), ("category", TargetKind.Category), ("brand", TargetKind.Brand), ("supplier", TargetKind.Supplier), ("tag", TargetKind.Tag),
    ];

    static readonly ImmutableArray<(string Name, Country Value)> Countries = [("RU", Country.Russia), ("KZ", Country.Kazakhstan), ("BY", Country.Belarus)];

    static readonly ImmutableArray<(string Name, StoreUnit Value)> StoreUnits = [("store", StoreUnit.Store), ("city", StoreUnit.City)];

    static readonly ImmutableArray<(string Name, HealthFigure Value)> HealthFigures =
        [.. Enum.GetValues<HealthFigure>().Select(figure => (JsonNamingPolicy.CamelCase.ConvertName(figure.ToString()), figure))];

    static readonly ImmutableArray<(string Name, DayOfWeek Value)> Weekdays = [.. Enum.GetValues<DayOfWeek>().Select(day => (day.ToString().ToLowerInvariant(), day))];

    static readonly ImmutableArray<(string Name, ScheduledApproval Value)> Approvals = [("byPerson", ScheduledApproval.ByPerson), ("withinCorridors", ScheduledApproval.WithinCorridors)];

    /// <summary>What it returns is of use only where nothing was told to be wrong.</summary>
    public static Plan Read(PlanNode root)
    {
        var all = root.Properties(
            "name", "language", "country", "currency", "validityDays", "holdoutShare", "universalHoldoutShare", "explorationShare", "learnResponse", "channels", "discountSteps", "leastMarginPercent", "assumedCostPercent", "priceStep",
            "mostPerCategory", "repeatAfterWaves", "rest", "lapsedAfterDays", "soldWithinDays", "segments", "slots", "slotKinds", "corridors", "limits", "till", "watch", "schedule", "blackout", "leastAge", "contacts", "doNotDisturb",
            "mostPerBrand", "mostPerPriceLevel", "offerAnnounced", "messageCostPercent", "supplierPaysPercent", "cannibalisationPercent");
        PlanNode Need(string name) => root.Required(all, name);

        var (restNode, validity, shares) = (Need("rest"), Need("validityDays"), all.GetValueOrDefault("supplierPaysPercent"));
        var rest = restNode.Properties("shareOfRhythm", "days");
        var kinds = ReadKinds(Need("slotKinds"));
        var plan = new Plan
        {
            Name = Need("name").Words(),
            Language = Need("language").OneOf([("en", Language.English), ("ru", Language.Russian)]),
            Country = all.TryGetValue("country", out var country) ? country.OneOf(Countries) : Country.Russia,
            Currency = all.TryGetValue("currency", out var currency) ? currency.Words() : null,
            ValidityDays = validity.Whole(1, 92),
            HoldoutShare = (double)Need("holdoutShare").Number(0, 0.9m),
            UniversalHoldoutShare = all.TryGetValue("universalHoldoutShare", out var universal) ? (double)universal.Number(0, 0.5m) : 0,
            ExplorationShare = (double)Need("explorationShare").Number(0, 1),
            LearnsResponse = all.TryGetValue("learnResponse", out var learns) && learns.YesNo(),
            Channels = ReadChannels(Need("channels")),
            DiscountSteps = Need("discountSteps").Ladder(),
            LeastMargin = Percent.Of(Need("leastMarginPercent").Number(0, 99)),
            AssumedCost = all.TryGetValue("assumedCostPercent", out var cost) ? Percent.Of(cost.Number(0, 100)) : null,
            PriceStep = Money.FromMajor(Need("priceStep").Number(0.01m, 1_000)),
            MostPerCategory = Need("mostPerCategory").Whole(1, PlanFile.MostOffers),
            MostPerBrand = all.TryGetValue("mostPerBrand", out var brand) ? brand.Whole(1, PlanFile.MostOffers) : null,
            MostPerPriceLevel = all.TryGetValue("mostPerPriceLevel", out var level) ? level.Whole(1, PlanFile.MostOffers) : null,
            RepeatAfterWaves = Need("repeatAfterWaves").Whole(0, PlanFile.EarlierWaves),
            RestShareOfRhythm = (double)restNode.Required(rest, "shareOfRhythm").Number(0, 1),
            RestDays = restNode.Required(rest, "days").Whole(0, 366),
            LapsedAfterDays = Need("lapsedAfterDays").Whole(1, 3_660),
            SoldWithinDays = Need("soldWithinDays").Whole(1, 3_660),
            OffersAnnounced = !all.TryGetValue("offerAnnounced", out var announced) || announced.YesNo(),
            Segments = ReadSegments(Need("segments"), Need("slots"), kinds),
            SlotKinds = kinds,
            Corridors = ReadCorridors(Need("corridors")),
            Limits = all.TryGetValue("limits", out var limits) ? ReadLimits(limits) : [],
            Till = all.TryGetValue("till", out var till) ? ReadTill(till) : TillRules.None,
            SupplierShares = ReadShares(shares),
            Watch = all.TryGetValue("watch", out var watch) ? ReadWatch(watch) : WatchRules.None,
            LeastAge = all.TryGetValue("leastAge", out var age) ? age.Whole(0, 99) : 0,
            MessageCost = all.TryGetValue("messageCostPercent", out var message) ? (double)message.Number(0, 100) / 100 : 0,
            Cannibalisation = all.TryGetValue("cannibalisationPercent", out var taken) ? (double)taken.Number(0, 100) / 100 : 0,
            Contacts = all.TryGetValue("contacts", out var contacts) ? ReadContacts(contacts) : null,
            ChannelContacts = contacts.IsThere ? ReadChannelContacts(contacts, Need("channels")) : ImmutableDictionary<Channels, ContactLimit>.Empty,
            NotDisturbedFrom = all.TryGetValue("doNotDisturb", out var disturb) ? (double)disturb.Required(disturb.Properties("baseConversionAtLeast"), "baseConversionAtLeast").Number(0.5m, 1) : null,
            Schedule = all.TryGetValue("schedule", out var schedule) ? ReadSchedule(schedule) : null,
            Blackout = all.TryGetValue("blackout", out var blackout) ? ReadBlackout(blackout) : BlackoutDays.None,
        };
        if (shares.IsThere) CheckShares(plan, shares);
        if (plan is { LearnsResponse: true, Cannibalisation: > 0 }) taken.Wrong("0 or nothing: with 'learnResponse' it is learnt from held-out customers", "0 или отсутствие: при «learnResponse» это изучается по контрольным группам");
        if (plan.Schedule is { } times) CheckSchedule(plan, times, validity, schedule);
        return plan;
    }

    static ImmutableDictionary<string, Percent> ReadShares(PlanNode node)
    {
        var shares = ImmutableDictionary.CreateBuilder<string, Percent>(StringComparer.OrdinalIgnoreCase);
        foreach (var (supplier, share) in node.IsThere ? node.Properties() : [])
            if (!shares.TryAdd(supplier, Percent.Of(share.Number(0, 100))))
                share.Wrong($"'{supplier}' once, whatever its case", $"«{supplier}» один раз, в любом регистре");
        return shares.ToImmutable();
    }

    static void CheckShares(Plan plan, PlanNode node)
    {
        foreach (var (supplier, share) in node.Properties())
            if (plan.Till.SupplierBudgets.Keys.Contains(supplier, StringComparer.OrdinalIgnoreCase) && plan.SupplierShares[supplier].BasisPoints < 10_000)
                share.Wrong("100: by 'till.supplierBudgets' it pays whole discounts", "100: по «till.supplierBudgets» этот поставщик оплачивает скидки целиком");
    }

    static ContactLimit? ReadContacts(PlanNode node)
    {
        var all = node.Properties(["days", "most", .. ChannelNames.Select(channel => channel.Name)]);
        if (node.IsEmptyObject) node.Wrong("'days' and 'most', a channel with them, or both", "«days» и «most», канал с ними или то и другое");
        // A limit of all channels together may be left out where single ones have their own.
        return all.Count == 0 || (!all.ContainsKey("days") && !all.ContainsKey("most")) ? null : ReadContactLimit(node, all);
    }

    static ContactLimit ReadContactLimit(PlanNode node, Dictionary<string, PlanNode> all) =>
        new(node.Required(all, "days").Whole(1, 92), node.Required(all, "most").Whole(1, PlanFile.EarlierWaves));

    static ImmutableDictionary<Channels, ContactLimit> ReadChannelContacts(PlanNode node, PlanNode channels)
    {
        var used = channels.Items().Select(item => item.Words()).ToHashSet();
        var limits = ImmutableDictionary.CreateBuilder<Channels, ContactLimit>();
        foreach (var (name, own) in node.Properties())
        {
            var channel = ChannelNames.FirstOrDefault(one => one.Name == name).Value;
            if (channel == Channels.None) continue;
            if (!used.Contains(name)) own.Wrong($"nothing: '{name}' isn't among 'channels'", $"отсутствие: «{name}» нет среди «channels»");
            limits[channel] = ReadContactLimit(own, own.Properties("days", "most"));
        }

        return limits.ToImmutable();
    }

    static PlanSchedule ReadSchedule(PlanNode node)
    {
        var all = node.Properties("weekdays", "time", "timeZone", "approval", "learnEveryDays");
        var days = node.Required(all, "weekdays");
        var weekdays = days.Items().Select(item => item.OneOf(Weekdays)).Distinct().Order().ToImmutableArray();
        if (weekdays.IsEmpty) days.Wrong("at least one day such as \"thursday\"", "хотя бы один день, например \"thursday\"");
        string? zone = null;
        if (all.TryGetValue("timeZone", out var given) && !TimeZoneInfo.TryFindSystemTimeZoneById(zone = given.Words(), out _))
            given.Wrong("an IANA time zone such as \"Europe/Moscow\"", "часовой пояс IANA, например \"Europe/Moscow\"");
        return new PlanSchedule(
            weekdays, node.Required(all, "time").Time(), zone,
            all.TryGetValue("approval", out var approval) ? approval.OneOf(Approvals) : ScheduledApproval.ByPerson,
            all.TryGetValue("learnEveryDays", out var learn) ? learn.Whole(1, 366) : PlanSchedule.UsualLearnEveryDays);
    }

    static void CheckSchedule(Plan plan, PlanSchedule times, PlanNode validity, PlanNode node)
    {
        // Published waves may not share days.
        if (!times.Weekdays.IsEmpty && plan.ValidityDays > times.ShortestGapDays)
            validity.Wrong($"at most {times.ShortestGapDays}, the days between two waves of 'schedule'", $"не больше {times.ShortestGapDays}: столько дней между волнами по «schedule»");
        if (times.Approval == ScheduledApproval.WithinCorridors && plan.Corridors is { Bands.Count: 0, Learnt: null })
            node.Wrong("'corridors' with at least one band, because 'approval' is withinCorridors", "«corridors» хотя бы с одной границей: «approval» — withinCorridors");
    }

    static BlackoutDays ReadBlackout(PlanNode node)
    {
        var all = node.Properties("days", "then");
        var periods = ImmutableArray.CreateBuilder<Period>();
        foreach (var item in node.Required(all, "days").Items())
        {
            var days = item.Properties("from", "to");
            var from = item.Required(days, "from").Day();
            var (to, last) = days.TryGetValue("to", out var end) ? (end.Day(), end) : (from, item);
            if (to < from) last.Wrong($"{from:yyyy-MM-dd} or later, the value of 'from'", $"{from:yyyy-MM-dd}, значение «from», или позже");
            else periods.Add(new Period(from, to < DateOnly.MaxValue ? to.AddDays(1) : to));
        }

        return new BlackoutDays(periods.ToImmutable(), all.TryGetValue("then", out var then) && then.OneOf<bool>([("refuse", false), ("move", true)]));
    }

    static Channels ReadChannels(PlanNode node)
    {
        var channels = Channels.None;
        foreach (var item in node.Items()) channels |= item.OneOf(ChannelNames);
        if (channels == Channels.None) node.Wrong("at least one of app, email, print", "хотя бы одно из: app, email, print");
        return channels;
    }

    static ImmutableDictionary<SlotKind, SlotTerms> ReadKinds(PlanNode node)
    {
        var kinds = ImmutableDictionary.CreateBuilder<SlotKind, SlotTerms>();
        foreach (var (name, terms) in node.Properties([.. Kinds.Select(kind => kind.Name)]))
        {
            var properties = terms.Properties("oddsPerTenPercent", "turnoverWorth", "trialWorth", "retentionWorth", "discountSteps", "mechanic", "roundTo", "sets", "goods", "leastBasket");
            var kind = Kinds.Single(one => one.Name == name).Value;
            var mechanic = properties.TryGetValue("mechanic", out var how) ? how.OneOf(Mechanics) : kind == SlotKind.Points ? Mechanic.Points : Mechanic.PercentOff;
            if (kind == SlotKind.Points && mechanic != Mechanic.Points) how.Wrong("points, as the kind says", "points: этот вид слота — о баллах");
            if (kind == SlotKind.Basket && mechanic is Mechanic.FixedPrice or Mechanic.NPlusM) how.Wrong("percent, amount or points: a whole basket has no other discount", "percent, amount или points: других скидок у покупки целиком нет");
            ImmutableArray<Percent>? steps = properties.TryGetValue("discountSteps", out var ladder) ? ladder.Ladder() : null;
            ImmutableArray<(int, int)> sets = [];
            if (mechanic == Mechanic.NPlusM) (sets, steps) = ReadSets(terms.Required(properties, "sets"));
            else if (properties.TryGetValue("sets", out var unused)) unused.Wrong("'mechanic': \"nPlusM\" beside it", "рядом «mechanic»: \"nPlusM\"");
            if (mechanic == Mechanic.NPlusM && ladder.IsThere) ladder.Wrong("nothing: the sets are the ladder", "отсутствие: лестницу задают наборы «sets»");
            var (above, basketStep) = kind == SlotKind.Basket ? ReadLeastBasket(terms.Required(properties, "leastBasket")) : (default, new Money(1));
            kinds.Add(kind, new SlotTerms((double)terms.Required(properties, "oddsPerTenPercent").Number(1, 100), (double)terms.Required(properties, "turnoverWorth").Number(0, 10), steps)
            {
                TrialWorth = properties.TryGetValue("trialWorth", out var trial) ? Money.FromMajor(trial.Number(0, 100_000)) : Money.Zero,
                RetentionWorth = properties.TryGetValue("retentionWorth", out var kept) ? Money.FromMajor(kept.Number(0, 100_000)) : Money.Zero,
                Mechanic = mechanic,
                RoundTo = properties.TryGetValue("roundTo", out var step) ? Money.FromMajor(step.Number(0.01m, 100_000)) : new Money(1),
                Sets = sets,
                Goods = kind == SlotKind.Supplier ? ReadGoods(terms.Required(properties, "goods")) : [],
                AboveUsual = above,
                LeastBasketStep = basketStep,
            });
            if (kind is SlotKind.Habit or SlotKind.Winback && trial.IsThere) trial.Wrong("nothing: goods of this kind were bought before", "отсутствие: товары этого вида покупатель уже брал");
            foreach (var beside in kind == SlotKind.Basket ? (PlanNode[])[trial, kept] : [])
                if (beside.IsThere) beside.Wrong("nothing: for a whole basket only margin and turnover count", "отсутствие: у покупки целиком считаются только маржа и выручка");
            if (kind != SlotKind.Basket && properties.TryGetValue("leastBasket", out var least)) least.Wrong("nothing: only slots of kind basket have a least sum", "отсутствие: наименьшая сумма есть только у вида basket");
            if (kind != SlotKind.Supplier && properties.TryGetValue("goods", out var goods)) goods.Wrong("nothing: only slots of kind supplier name goods", "отсутствие: товары называет только вид supplier");
        }

        return kinds.ToImmutable();
    }

    static (Percent AboveUsual, Money Step) ReadLeastBasket(PlanNode node)
    {
        var all = node.Properties("aboveUsualPercent", "roundTo");
        return (Percent.Of(node.Required(all, "aboveUsualPercent").Number(1, 100)), Money.FromMajor(node.Required(all, "roundTo").Number(0.01m, 1_000_000)));
    }

    /// <summary>Sets such as "2+1" with their discounts in percent, rising.</summary>
    static (ImmutableArray<(int, int)> Sets, ImmutableArray<Percent> Steps) ReadSets(PlanNode node)
    {
        var (sets, steps) = (ImmutableArray.CreateBuilder<(int, int)>(), ImmutableArray.CreateBuilder<Percent>());
        foreach (var item in node.Items())
        {
            if (item.Words().Split('+') is [var first, var second] && int.TryParse(first, out var buy) && int.TryParse(second, out var free) && buy is >= 1 and <= 20 && free is >= 1 and <= 20)
            {
                var step = new Percent(free * 10_000 / (buy + free));
                if (steps.Count > 0 && step.BasisPoints <= steps[^1].BasisPoints) item.Wrong("a larger discount than the set before it", "скидка больше, чем у предыдущего набора");
                sets.Add((buy, free));
                steps.Add(step);
            }
            else
            {
                item.Wrong("a set such as \"2+1\": pieces paid and pieces free, 1 to 20 each", "набор, например \"2+1\": сколько оплачено и сколько в подарок, от 1 до 20");
            }
        }

        if (node.Items().Count is 0 or > PlanNode.MostSteps) node.Wrong($"1 to {PlanNode.MostSteps} sets", $"от 1 до {PlanNode.MostSteps} наборов");
        return (sets.ToImmutable(), steps.ToImmutable());
    }

    static ImmutableArray<GoodsRule> ReadGoods(PlanNode node)
    {
        var goods = ImmutableArray.CreateBuilder<GoodsRule>();
        foreach (var item in node.Items())
        {
            var parts = item.Properties("of", "value");
            goods.Add(new GoodsRule(item.Required(parts, "of").OneOf(LimitTargets[1..]), item.Required(parts, "value").Words()));
        }

        if (goods.Count == 0) node.Wrong("at least one { \"of\": ..., \"value\": ... }", "хотя бы одно { \"of\": ..., \"value\": ... }");
        return goods.ToImmutable();
    }

    static ImmutableArray<Segment> ReadSegments(PlanNode segmentsNode, PlanNode slotsNode, ImmutableDictionary<SlotKind, SlotTerms> kinds)
    {
        var segments = new List<(string Name, SegmentRule? When, PlanNode Node)>();
        foreach (var item in segmentsNode.Items())
        {
            var properties = item.Properties("name", "when");
            var name = item.Required(properties, "name");
            if (segments.Any(segment => segment.Name == name.Words())) name.Wrong("a name that no other segment has", "название, которого нет у других сегментов");
            if (segments.Count > 0 && segments[^1].When is null) segments[^1].Node.Wrong("a 'when', because a segment without it fits everybody and must be the last", "условие «when»: сегмент без него подходит всем и должен быть последним");
            segments.Add((name.Words(), properties.TryGetValue("when", out var when) ? ReadRule(when) : null, item));
        }

        if (segments.Count is 0 or > 200) segmentsNode.Wrong("1 to 200 segments", "от 1 до 200 сегментов");
        if (segments is [.., { When: not null }]) segments[^1].Node.Wrong("no 'when': the last segment takes everybody else", "сегмент без «when»: последний сегмент берёт всех остальных");

        var slots = slotsNode.Properties();
        foreach (var (name, node) in slots)
            if (segments.All(segment => segment.Name != name))
                node.Unknown(segments.Select(segment => segment.Name));
        return [.. segments.Where(segment => segment.Name.Length > 0).DistinctBy(segment => segment.Name)
            .Select(segment => new Segment(segment.Name, segment.When, ReadSlots(slotsNode.Required(slots, segment.Name), kinds)))];
    }

    static ImmutableArray<Slot> ReadSlots(PlanNode node, ImmutableDictionary<SlotKind, SlotTerms> kinds)
    {
        var slots = ImmutableArray.CreateBuilder<Slot>();
        var counts = node.Properties([.. Kinds.Select(kind => kind.Name)]);
        foreach (var (name, count) in counts)
        {
            var kind = Kinds.Single(one => one.Name == name).Value;
            if (!kinds.ContainsKey(kind)) count.Unknown(kinds.Keys.Order().Select(known => Kinds.Single(one => one.Value == known).Name));
            var most = count.Whole(1, PlanFile.MostOffers);
            if (kind == SlotKind.Basket && most > 1) count.Wrong("1: there is but one whole basket", "1: вся покупка только одна");
            slots.Add(new Slot(kind, most));
        }

        if (slots.Sum(slot => slot.Count) is var sum && (sum > PlanFile.MostOffers || node.IsEmptyObject))
            node.Wrong($"1 to {PlanFile.MostOffers} offers in all", $"всего от 1 до {PlanFile.MostOffers} предложений");
        return slots.ToImmutable();
    }

    static SegmentRule ReadRule(PlanNode node)
    {
        var properties = node.Properties("recencyDays", "receipts", "spent", "bought", "portrait");
        if (node.IsEmptyObject) node.Wrong("at least one of recencyDays, receipts, spent, bought, portrait", "хотя бы одно из: recencyDays, receipts, spent, bought, portrait");
        WithinDays? Within(string name) => properties.TryGetValue(name, out var band) ? new WithinDays(Days(band), band.Band("withinDays")) : null;
        BoughtWithin? bought = null;
        if (properties.TryGetValue("bought", out var what))
        {
            var parts = what.Properties("withinDays", "anyOf");
            var categories = what.Required(parts, "anyOf");
            bought = new BoughtWithin(Days(what), [.. categories.Items().Select(item => item.Words())]);
            if (bought.Categories.IsEmpty) categories.Wrong("at least one category", "хотя бы одна категория");
        }

        ImmutableArray<string> portraits = properties.TryGetValue("portrait", out var named) ? [.. named.Items().Select(item => item.Words())] : [];
        if (named.IsThere && portraits.IsEmpty) named.Wrong("at least one portrait in quotes, in a list", "список хотя бы с одним портретом в кавычках");
        return new SegmentRule(properties.TryGetValue("recencyDays", out var recency) ? recency.Band() : null, Within("receipts"), Within("spent"), bought) { Portraits = portraits };
    }

    static int Days(PlanNode node) => node.Required(node.Properties(), "withinDays").Whole(1, 3_660);

    static ImmutableArray<PlanLimit> ReadLimits(PlanNode node)
    {
        var limits = ImmutableArray.CreateBuilder<PlanLimit>();
        foreach (var item in node.Items())
        {
            var parts = item.Properties("name", "of", "value", "budget", "mostOffers", "leastOffers", "mostOfStock", "stores", "cities", "each");
            var name = item.Required(parts, "name");
            if (limits.Any(limit => limit.Name == name.Words())) name.Wrong("a name that no other limit has", "название, которого нет у других ограничений");
            var of = item.Required(parts, "of").OneOf(LimitTargets);
            Money? budget = parts.TryGetValue("budget", out var money) ? Money.FromMajor(money.Number(0, 1_000_000_000_000m)) : null;
            int? most = parts.TryGetValue("mostOffers", out var mostOffers) ? mostOffers.Whole(0, int.MaxValue) : null;
            int? least = parts.TryGetValue("leastOffers", out var leastOffers) ? leastOffers.Whole(1, int.MaxValue) : null;
            decimal? ofStock = parts.TryGetValue("mostOfStock", out var stock) ? stock.Number(0, 1_000) : null;
            if (budget is null && most is null && least is null && ofStock is null)
                item.Wrong("at least one of budget, mostOffers, leastOffers, mostOfStock", "хотя бы одно из: budget, mostOffers, leastOffers, mostOfStock");
            if (least > most) leastOffers.Wrong($"at most {most}, the value of 'mostOffers'", $"не больше {most}, значения «mostOffers»");
            limits.Add(new PlanLimit(name.Words(), of, of == TargetKind.Basket ? "" : item.Required(parts, "value").Words(), budget, most, least) { Where = ReadStores(parts), MostOfStock = ofStock });
        }

        if (limits.Count > 10_000) node.Wrong("at most 10000 limits", "не больше 10000 ограничений");
        var all = limits.Where(limit => limit is { IsForAll: true, MostOffers: not null }).Select(limit => limit.MostOffers).Min();
        if (limits.FirstOrDefault(limit => limit.LeastOffers > all) is { } promise)
            node.Wrong($"no promise above the {all} offers that 'all' goods may have; '{promise.Name}' promises {promise.LeastOffers}", $"обещание не больше {all} предложений, допустимых на все товары («all»); «{promise.Name}» обещает {promise.LeastOffers}");
        return limits.ToImmutable();
    }

    static StoreRule? ReadStores(Dictionary<string, PlanNode> parts)
    {
        ImmutableArray<string> Names(string name)
        {
            if (!parts.TryGetValue(name, out var node)) return [];
            var items = node.Items();
            if (items.Count == 0) node.Wrong("at least one in quotes", "хотя бы одно значение в кавычках");
            return [.. items.Select(item => item.Words())];
        }

        var (stores, cities) = (Names("stores"), Names("cities"));
        var unit = parts.TryGetValue("each", out var each) ? each.OneOf(StoreUnits) : StoreUnit.Together;
        return stores.IsEmpty && cities.IsEmpty && unit == StoreUnit.Together ? null : new StoreRule(stores, cities, unit);
    }

    /// <inheritdoc cref="Read"/>
    public static TillRules ReadTill(PlanNode node)
    {
        var all = node.Properties("mostPerCustomer", "mostPerTarget", "mostPerWave", "mostPerStore", "mostPerDay", "budget", "budgetPerDay", "supplierBudgets", "pointsBudget", "mostPieces", "basketOnTop", "offline");
        int? Most(string name) => all.TryGetValue(name, out var most) ? most.Whole(0, 2_000_000_000) : null;
        static Money Amount(PlanNode node) => Money.FromMajor(node.Number(0, 1_000_000_000_000m));
        Money? total = all.TryGetValue("budget", out var budget) ? Amount(budget) : null, perDay = all.TryGetValue("budgetPerDay", out var day) ? Amount(day) : null;
        if (perDay > total) day.Wrong($"at most {total}, the value of 'budget'", $"не больше {total}, значения «budget»");
        return new TillRules
        {
            MostPerCustomer = Most("mostPerCustomer"),
            MostPerTarget = Most("mostPerTarget"),
            MostPerWave = Most("mostPerWave"),
            MostPerStore = Most("mostPerStore"),
            MostPerDay = Most("mostPerDay"),
            Budget = total,
            BudgetPerDay = perDay,
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
