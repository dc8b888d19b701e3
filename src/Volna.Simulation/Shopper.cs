using Volna.Intake.Catalog;
using Volna.Kernels;

namespace Volna.Simulation;

/// <summary>
/// Who a customer of the make-believe retailer is: what never changes. Derived from the seed and her number alone, so she can be made again at
/// any time, on any thread, and a world of millions needn't be held.
/// </summary>
sealed class Shopper
{
    /// <summary>Products of a category that she would ever take.</summary>
    public const int ConsideredMost = 8;

    /// <summary>Products of a category, launched after the history, that she would take beside them.</summary>
    public const int LaterMost = 8;

    /// <summary>From 0.</summary>
    public required int Number { get; init; }
    public required Chance Luck { get; init; }
    public string Key => KeyOf(Number);
    public required Text FirstName { get; init; }

    /// <summary>What she is; the retailer may not know.</summary>
    public required Gender Gender { get; init; }
    public required bool GenderGiven { get; init; }
    public required DateOnly? BirthDate { get; init; }
    public required Channels Consents { get; init; }
    public required int HomeShop { get; init; }

    /// <summary>The day on which she moves, and the shop where she goes from then on.</summary>
    public required (int Day, int Shop) Moves { get; init; }

    /// <summary>Whether she looks at the retailer's site.</summary>
    public required bool UsesSite { get; init; }

    /// <summary>What one fresh message takes from the log-odds of her visit.</summary>
    public required float Irritability { get; init; }

    /// <summary>How much of the competitors' pull she feels, from 0 to 1.</summary>
    public required float Fickleness { get; init; }

    /// <summary>Odds of a visit by weekday, Sunday first.</summary>
    public required float[] VisitOdds { get; init; }
    public required VetoOf[] Vetoes { get; init; }

    /// <summary>First day on which she may come, as a day of the world.</summary>
    public required int Joins { get; init; }

    /// <summary>The day from which she comes no more.</summary>
    public required int Leaves { get; init; }

    public required float PriceSensitivity { get; init; }

    /// <summary>Categories she uses, with what follows at the same places.</summary>
    public required int[] Needs { get; init; }

    /// <summary>Log-odds of buying in the category on a visit with nothing at home, without season and price.</summary>
    public required float[] NeedLogit { get; init; }

    /// <summary>By how much the value of a need's goods can exceed its usual value at most without offers: habit, the deepest promotion on all of them, what is launched later.</summary>
    public required float MostGain { get; init; }

    /// <summary>By need: the day from which she has it; later than the first where a baby is born or a pet comes.</summary>
    public required int[] NeedFrom { get; init; }

    /// <summary>By need: is it one she has hardly met and might take to?</summary>
    public required bool[] IsNew { get; init; }

    /// <summary>Days one pack lasts her.</summary>
    public required float[] PackDays { get; init; }

    /// <summary>Where a need's products start in <see cref="Considered"/>; one entry more than needs.</summary>
    public required int[] NeedStart { get; init; }

    /// <summary>Products she would take: by need those known by the end of the history, then by need those launched later.</summary>
    public required int[] Considered { get; init; }

    /// <summary>Where the later products of a need start in <see cref="Considered"/>; one entry more than needs, or none where no good is launched later.</summary>
    public required int[] LaterStart { get; init; }

    /// <summary>Weights of these products at their regular prices.</summary>
    public required float[] Weight { get; init; }

    /// <summary>ln of a need's summed weights: the value of the category to her on a usual day.</summary>
    public required float[] LogValue { get; init; }

    public int HomeShopOn(int day) => day < Moves.Day ? HomeShop : Moves.Shop;

    /// <summary>How many products of a need she would take.</summary>
    public int Choices(int need) => NeedStart[need + 1] - NeedStart[need] + (LaterStart.Length == 0 ? 0 : LaterStart[need + 1] - LaterStart[need]);

    /// <summary>The place of a need's product in <see cref="Considered"/>, by its number within the need from 0.</summary>
    public int PlaceOf(int need, int choice)
    {
        var place = NeedStart[need] + choice;
        return place < NeedStart[need + 1] ? place : place - NeedStart[need + 1] + LaterStart[need];
    }

    /// <summary>By what the luck of a place in <see cref="Considered"/> is told from others': of a later product by its number, since its place depends on how far one looks ahead.</summary>
    public int LuckOf(int place) => place < NeedStart[^1] ? place : int.MaxValue - Considered[place];

    /// <summary>The need and place of a product she would take, or null.</summary>
    public (int Need, int Place)? Find(int product)
    {
        for (var need = 0; need < Needs.Length; need++)
            for (var choice = 0; choice < Choices(need); choice++)
                if (Considered[PlaceOf(need, choice)] == product)
                    return (need, PlaceOf(need, choice));
        return null;
    }

    public static string KeyOf(int number) => $"C{number + 1:0000000}";

    /// <summary>The number of a customer by her key, or null if the world has no such customer.</summary>
    public static int? NumberOf(string key) =>
        key is ['C', .. var digits] && int.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out var number) && KeyOf(number - 1) == key ? number - 1 : null;

    /// <param name="weeksAhead">As in <see cref="World.WeeksAhead"/>.</param>
    /// <param name="withNeeds">False to leave out what she buys.</param>
    public static Shopper Make(WorldOptions options, Assortment assortment, Shop[] shops, int number, int weeksAhead, bool withNeeds = true)
    {
        var draw = new Draw(options.Seed, "shopper", (ulong)number);
        var luck = new Chance(draw.Next());
        var female = draw.NextUnit() < 0.6;
        var names = female ? FirstNames.Female : FirstNames.Male;
        var firstName = names[draw.NextBelow(names.Length)];
        var genderGiven = draw.NextUnit() < 0.85;
        var birthDate = options.FirstDay.AddDays(-(int)(365.25 * (18 + (62 * Math.Pow(draw.NextUnit(), 0.9)))));
        DateOnly? birthGiven = draw.NextUnit() < 0.7 ? birthDate : null;
        var consents = (draw.NextUnit() < 0.7 ? Channels.App : 0) | (draw.NextUnit() < 0.45 ? Channels.Email : 0) | (draw.NextUnit() < 0.85 ? Channels.Print : 0);
        var days = options.Weeks * 7;
        var daysAhead = days + (7 * weeksAhead);
        var home = Home.Draw(options, daysAhead, ref draw);
        var joins = draw.NextUnit() < options.ThereFromStart ? 0 : (int)(draw.NextUnit() * days * 0.75);
        if (number >= options.Customers) joins = days + (int)(7 * (number - options.Customers + 0.5) / World.NewcomersOfWeek(options));

        // Whoever outlasts as many days as the history has goes on leaving as readily.
        var leaving = draw.NextUnit();
        var lasts = leaving < options.Leaving ? draw.NextUnit() * days : leaving / options.Leaving * days;
        var leaves = lasts < 1_000_000 ? joins + 14 + (int)lasts : int.MaxValue;
        var homeShop = draw.NextBelow(shops.Length);
        var moves = (Day: Event(options.LifeEvents, daysAhead, ref draw), Shop: draw.NextBelow(shops.Length));
        var usesSite = draw.NextUnit() < options.SiteUsers;
        var irritability = (draw.NextUnit() < options.Irritable ? options.Annoyance : 0) * Math.Exp(0.5 * draw.NextNormal());
        var fickleness = draw.NextUnit() * draw.NextUnit();
        var visits = Math.Min(options.VisitsPerWeek * Math.Exp(options.VisitSpread * draw.NextNormal()), 5);
        irritability *= Math.Pow(visits / options.VisitsPerWeek, options.LoyalAnnoyance);
        var sensitivity = options.PriceSensitivity * Math.Exp(0.35 * draw.NextNormal());
        var bulk = (0.5 * Math.Log(home.Size)) + (0.4 * draw.NextNormal());
        Span<float> taste = stackalloc float[Assortment.Tastes];
        foreach (ref var dimension in taste) dimension = (float)(0.5 * draw.NextNormal());

        // Fridays and Saturdays are the big days.
        ReadOnlySpan<double> weekday = [1.05, 0.85, 0.85, 0.9, 0.95, 1.2, 1.2];
        var visitOdds = new float[7];
        for (var d = 0; d < 7; d++)
        {
            var chance = Math.Min(visits / 7 * weekday[d] * Math.Exp(0.25 * draw.NextNormal()), 0.95);
            visitOdds[d] = (float)(chance / (1 - chance));
        }

        var needs = NeedsBuilder.Start(options, assortment);
        for (var category = 0; withNeeds && category < assortment.Categories.Length; category++)
        {
            var traits = assortment.Categories[category];
            double use = draw.NextUnit(), often = draw.NextNormal();

            // Beside what she uses there is what she takes now and then, or has not met yet. What comes into her life after the history is drawn apart.
            var (fits, from) = home.Fits(traits);
            if (from > days) fits = 0;
            var uses = use < traits.Reach * fits;
            var tries = !uses && fits > 0 && draw.NextUnit() < 0.3;
            if (!uses && !tries) continue;
            var logit = options.Appetite + (uses ? -1.95 + (0.4 * often) : -4.8 + (0.6 * often));
            needs.Add(category, logit, tries, from, traits.CycleDays * Math.Exp(0.3 * draw.NextNormal()) / home.Size, taste, (float)sensitivity, (float)bulk, ref draw);
        }

        if (withNeeds && weeksAhead > 0)
        {
            foreach (var (from, category) in assortment.Categories.Select((traits, category) => (home.Fits(traits).From, category)).Where(need => need.From > days).Order())
            {
                var own = new Draw(options.Seed, "later-need", ((ulong)number * 1_000) + (ulong)category);
                var traits = assortment.Categories[category];
                if (own.NextUnit() >= traits.Reach) continue;
                var logit = options.Appetite - 1.95 + (0.4 * own.NextNormal());
                needs.Add(category, logit, isNew: false, from, traits.CycleDays * Math.Exp(0.3 * own.NextNormal()) / home.Size, taste, (float)sensitivity, (float)bulk, ref own);
            }

            needs.AddLater(assortment, taste, (float)sensitivity, (float)bulk, luck);
        }

        return new Shopper
        {
            Number = number,
            Luck = luck,
            FirstName = firstName,
            Gender = female ? Gender.Female : Gender.Male,
            GenderGiven = genderGiven,
            BirthDate = birthGiven,
            Consents = consents,
            HomeShop = homeShop,
            Vetoes = home.Vetoes,
            Joins = joins,
            Leaves = leaves,
            Moves = moves,
            UsesSite = usesSite,
            Irritability = (float)irritability,
            Fickleness = (float)fickleness,
            VisitOdds = visitOdds,
            PriceSensitivity = (float)sensitivity,
            MostGain = (float)(options.Habit + (sensitivity * MassPromotionsOfWeek.MostLogCut)) + needs.LaterGain,
            NeedFrom = [.. needs.From],
            IsNew = [.. needs.IsNew],
            Needs = [.. needs.Categories],
            NeedLogit = [.. needs.Logits],
            PackDays = [.. needs.PackDays],
            NeedStart = [.. needs.Starts],
            Considered = [.. needs.Considered],
            Weight = [.. needs.Weights],
            LogValue = [.. needs.LogValues],
            LaterStart = [.. needs.LaterStarts],
        };
    }

    /// <summary>The day of something that befalls this share of customers within a year; <see cref="int.MaxValue"/> for never.</summary>
    static int Event(double yearly, int days, ref Draw draw)
    {
        var at = draw.NextUnit() / Math.Max(yearly, 1e-12) * 365;
        return at < days ? 1 + (int)at : int.MaxValue;
    }

    /// <summary>Her household and convictions, as far as goods depend on them. A baby, a cat or a dog is there from a day on.</summary>
    readonly record struct Home(double Size, int Baby, int Cat, int Dog, bool Smokes, bool Drinks, VetoOf[] Vetoes)
    {
        public static Home Draw(WorldOptions options, int days, ref Draw draw)
        {
            var size = 0.6 + (1.2 * draw.NextUnit());
            int baby = From(0.1, ref draw), cat = From(0.3, ref draw), dog = From(0.15, ref draw);
            bool smokes = draw.NextUnit() < 0.25, drinks = draw.NextUnit() < 0.65;

            int From(double fromStart, ref Draw draw)
            {
                var isThere = draw.NextUnit() < fromStart;
                var comes = Event(options.LifeEvents, days, ref draw);
                return isThere ? 0 : comes;
            }
            var vetoes = new List<VetoOf>();
            var ethics = draw.NextUnit();
            if (ethics < 0.04) vetoes.Add(new VetoOf("pork", DislikeReason.Ethics));
            else if (ethics < 0.06) vetoes.Add(new VetoOf("meat", DislikeReason.Ethics));
            if (!drinks && draw.NextUnit() < 0.2) vetoes.Add(new VetoOf("alcohol", DislikeReason.Ethics));
            var allergy = draw.NextUnit();
            if (allergy < 0.012) vetoes.Add(new VetoOf("nuts", DislikeReason.Allergy));
            else if (allergy < 0.03) vetoes.Add(new VetoOf("milk", DislikeReason.Allergy));
            return new Home(size, baby, cat, dog, smokes, drinks, [.. vetoes]);
        }

        /// <summary>How well a category fits the home, 0 not at all, and from which day.</summary>
        public (double Fits, int From) Fits(CategoryTraits traits)
        {
            foreach (var veto in Vetoes)
                if (traits.Tags.Contains(veto.Tag))
                    return (0, 0);
            var from = traits.Asks switch
            {
                HomeHas.Baby => Baby,
                HomeHas.Cat => Cat,
                HomeHas.Dog => Dog,
                HomeHas.Smoker when !Smokes => int.MaxValue,
                HomeHas.Drinker when !Drinks => int.MaxValue,
                _ => 0,
            };
            if (from == int.MaxValue) return (0, 0);

            // The reach of alcohol and tobacco counts all customers; here only those who take any are asked.
            return (traits.Asks == HomeHas.Smoker ? 4 : traits.Asks == HomeHas.Drinker ? 1.5 : 1, from);
        }
    }
}

/// <summary>Goods a customer doesn't take, by tag.</summary>
readonly record struct VetoOf(string Tag, DislikeReason Reason);

static class FirstNames
{
    public static readonly Text[] Female =
    [
        new("Anna", "Анна"), new("Maria", "Мария"), new("Elena", "Елена"), new("Olga", "Ольга"), new("Natalia", "Наталья"), new("Irina", "Ирина"),
        new("Svetlana", "Светлана"), new("Ekaterina", "Екатерина"), new("Tatiana", "Татьяна"), new("Yulia", "Юлия"), new("Daria", "Дарья"), new("Polina", "Полина"),
        new("Galina", "Галина"), new("Vera", "Вера"), new("Nadezhda", "Надежда"), new("Alsu", "Алсу"), new("Aigul", "Айгуль"), new("Sofia", "София"),
    ];

    public static readonly Text[] Male =
    [
        new("Alexander", "Александр"), new("Sergey", "Сергей"), new("Dmitry", "Дмитрий"), new("Andrey", "Андрей"), new("Alexey", "Алексей"), new("Maxim", "Максим"),
        new("Ivan", "Иван"), new("Mikhail", "Михаил"), new("Nikolay", "Николай"), new("Pavel", "Павел"), new("Timur", "Тимур"), new("Ruslan", "Руслан"),
        new("Viktor", "Виктор"), new("Ilya", "Илья"), new("Kirill", "Кирилл"),
    ];
}
