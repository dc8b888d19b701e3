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
    public required VetoOf[] Vetoes { get; init; }

    /// <summary>First day on which she may come, as a day of the world.</summary>
    public required int Joins { get; init; }

    /// <summary>The day from which she comes no more.</summary>
    public required int Leaves { get; init; }

    /// <summary>Chance of a visit by weekday, Sunday first.</summary>
    public required float[] VisitByWeekday { get; init; }
    public required float PriceSensitivity { get; init; }

    /// <summary>Categories she uses, with what follows at the same places.</summary>
    public required int[] Needs { get; init; }

    /// <summary>Log-odds of buying in the category on a visit with nothing at home, without season and price.</summary>
    public required float[] NeedLogit { get; init; }

    /// <summary>Days one pack lasts her.</summary>
    public required float[] PackDays { get; init; }

    /// <summary>Where a need's products start in <see cref="Considered"/>; one entry more than needs.</summary>
    public required int[] NeedStart { get; init; }

    /// <summary>Products she would take.</summary>
    public required int[] Considered { get; init; }

    /// <summary>Weights of these products at their regular prices.</summary>
    public required float[] Weight { get; init; }

    /// <summary>ln of a need's summed weights: the value of the category to her on a usual day.</summary>
    public required float[] LogValue { get; init; }

    /// <summary>The need and place of a product she would take, or null.</summary>
    public (int Need, int Place)? Find(int product)
    {
        for (var need = 0; need < Needs.Length; need++)
            for (var place = NeedStart[need]; place < NeedStart[need + 1]; place++)
                if (Considered[place] == product)
                    return (need, place);
        return null;
    }

    public static string KeyOf(int number) => $"C{number + 1:0000000}";

    /// <summary>The number of a customer by her key, or null if the world has no such customer.</summary>
    public static int? NumberOf(string key) =>
        key is ['C', .. var digits] && int.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out var number) && KeyOf(number - 1) == key ? number - 1 : null;

    public static Shopper Make(WorldOptions options, Assortment assortment, Shop[] shops, int number)
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
        var home = Home.Draw(ref draw);

        var days = options.Weeks * 7;
        var joins = draw.NextUnit() < options.ThereFromStart ? 0 : (int)(draw.NextUnit() * days * 0.75);
        var leaves = draw.NextUnit() < options.Leaving ? joins + 14 + (int)(draw.NextUnit() * days) : int.MaxValue;
        var homeShop = draw.NextBelow(shops.Length);
        var visits = Math.Min(options.VisitsPerWeek * Math.Exp(0.5 * draw.NextNormal()), 5);
        var sensitivity = options.PriceSensitivity * Math.Exp(0.35 * draw.NextNormal());
        Span<double> taste = stackalloc double[Assortment.Tastes];
        foreach (ref var dimension in taste) dimension = draw.NextNormal();

        // Fridays and Saturdays are the big days.
        ReadOnlySpan<double> weekday = [1.05, 0.85, 0.85, 0.9, 0.95, 1.2, 1.2];
        var byWeekday = new float[7];
        for (var d = 0; d < 7; d++) byWeekday[d] = (float)Math.Min(visits / 7 * weekday[d] * Math.Exp(0.25 * draw.NextNormal()), 0.95);

        var needs = new NeedsBuilder(assortment);
        for (var category = 0; category < assortment.Categories.Length; category++)
        {
            var traits = assortment.Categories[category];
            double use = draw.NextUnit(), often = draw.NextNormal();

            // Beside what she uses there is what she takes now and then, or has not met yet.
            var uses = use < traits.Reach * home.Fits(traits);
            var tries = !uses && home.Fits(traits) > 0 && draw.NextUnit() < 0.3;
            if (!uses && !tries) continue;
            var logit = uses ? -1.95 + (0.4 * often) : -4.8 + (0.6 * often);
            needs.Add(category, logit, traits.CycleDays * Math.Exp(0.3 * draw.NextNormal()) / home.Size, taste, sensitivity, ref draw);
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
            VisitByWeekday = byWeekday,
            PriceSensitivity = (float)sensitivity,
            Needs = [.. needs.Categories],
            NeedLogit = [.. needs.Logits],
            PackDays = [.. needs.PackDays],
            NeedStart = [.. needs.Starts],
            Considered = [.. needs.Considered],
            Weight = [.. needs.Weights],
            LogValue = [.. needs.LogValues],
        };
    }

    /// <summary>Her household and convictions, as far as goods depend on them.</summary>
    readonly record struct Home(double Size, bool Baby, bool Cat, bool Dog, bool Smokes, bool Drinks, VetoOf[] Vetoes)
    {
        public static Home Draw(ref Draw draw)
        {
            var size = 0.6 + (1.2 * draw.NextUnit());
            bool baby = draw.NextUnit() < 0.1, cat = draw.NextUnit() < 0.3, dog = draw.NextUnit() < 0.15, smokes = draw.NextUnit() < 0.25, drinks = draw.NextUnit() < 0.65;
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

        /// <summary>How well a category fits the home, 0 not at all.</summary>
        public double Fits(CategoryTraits traits)
        {
            foreach (var tag in traits.Tags)
            {
                foreach (var veto in Vetoes)
                    if (veto.Tag == tag)
                        return 0;
                var fits = tag switch { "baby" => Baby, "cat" => Cat, "dog" => Dog, "tobacco" => Smokes, "alcohol" => Drinks, _ => true };
                if (!fits) return 0;
            }

            // The reach of alcohol and tobacco counts all customers; here only those who take any are asked.
            return traits.Tags.Contains("tobacco") ? 4 : traits.Tags.Contains("alcohol") ? 1.5 : 1;
        }
    }

    sealed class NeedsBuilder(Assortment assortment)
    {
        readonly double[] _scores = new double[assortment.ByCategory.Max(goods => goods.Length)];
        readonly (int Product, double Utility)[] _ranked = new (int, double)[assortment.ByCategory.Max(goods => goods.Length)];

        public List<int> Categories { get; } = [];
        public List<float> Logits { get; } = [];
        public List<float> PackDays { get; } = [];
        public List<int> Starts { get; } = [0];
        public List<int> Considered { get; } = [];
        public List<float> Weights { get; } = [];
        public List<float> LogValues { get; } = [];

        public void Add(int category, double logit, double packDays, ReadOnlySpan<double> taste, double sensitivity, ref Draw draw)
        {
            var goods = assortment.ByCategory[category];
            for (var k = 0; k < goods.Length; k++)
            {
                var good = assortment.Goods[goods[k]];
                var utility = good.Popularity - (0.5 * sensitivity * good.RelativeLogPrice);
                for (var t = 0; t < taste.Length; t++) utility += 0.5 * taste[t] * good.Taste[t];

                // What she likes for no reason we know, Gumbel: the set she considers is drawn by weight without replacement, and what got in
                // by much is taken more often.
                var liking = -Math.Log(-Math.Log(draw.NextUnit() + 1e-300));
                _scores[k] = -(utility + liking);
                _ranked[k] = (goods[k], utility + (0.5 * liking));
            }

            _scores.AsSpan(0, goods.Length).Sort(_ranked.AsSpan(0, goods.Length));
            var sum = 0.0;
            foreach (var (product, utility) in _ranked.AsSpan(0, Math.Min(goods.Length, ConsideredMost)))
            {
                var weight = Math.Exp(utility);
                Considered.Add(product);
                Weights.Add((float)weight);
                sum += weight;
            }

            Categories.Add(category);
            Logits.Add((float)logit);
            PackDays.Add((float)packDays);
            Starts.Add(Considered.Count);
            LogValues.Add((float)Math.Log(sum));
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
