using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Allocation;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Generation;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers;

/// <summary>A small shop in memory, drawn from a seed: goods with and without cost, floors, laws, exclusions, promotions, stock; customers with purchases.</summary>
sealed class MadeShop
{
    public static readonly DateOnly Day = new(2026, 11, 26);

    public MadeShop(ulong seed, int customers = 300, int products = 120)
    {
        var draw = new Draw(seed, "shop", 0);
        var categories = ImmutableArray.CreateBuilder<Category?>();
        categories.Add(null);
        categories.Add(new Category(new CategoryId(1), "Food", default));
        for (var number = 2; number <= 12; number++) categories.Add(new Category(new CategoryId(number), $"Food/C{number}", new CategoryId(1)));

        var made = ImmutableArray.CreateBuilder<Product?>();
        made.Add(null);
        for (var number = 1; number <= products; number++)
        {
            var price = new Money(500 + draw.NextBelow(50_000));
            made.Add(new Product(new ProductId(number), $"p{number}", $"Product {number}")
            {
                Category = new CategoryId(draw.NextBelow(12) is var category and > 0 ? category + 1 : 0),
                Supplier = $"S{number % 5}",
                Brand = $"B{draw.NextBelow(9)}",
                Price = draw.NextBelow(20) == 0 ? null : price,
                Cost = draw.NextBelow(3) == 0 ? null : new Money(price.Minor * (40 + draw.NextBelow(60)) / 100),
                Floor = (FloorPolicy)Math.Max(0, draw.NextBelow(8) - 5),
                FloorPrice = new Money(price.Minor * (70 + draw.NextBelow(35)) / 100),
                Tags = draw.NextBelow(10) switch { 0 => ["alcohol"], 1 => ["tobacco"], 2 => ["pork"], _ => [] },
            });
        }

        Profiles = new CustomerProfile[customers + 1];
        Histories = new CustomerHistory[customers + 1];
        var dislikes = ImmutableDictionary.CreateBuilder<int, ImmutableArray<Dislike>>();
        for (var number = 1; number <= customers; number++)
        {
            var id = new CustomerId(number);
            Profiles[number] = new CustomerProfile(
                id, Hash64.Of($"customer {number}"), new StoreId(1 + draw.NextBelow(3)), (Channels)draw.NextBelow(8), draw.NextBelow(3) == 0 ? null : Day.AddYears(-10 - draw.NextBelow(50)), Gender.Unknown);
            var lines = new List<PurchaseLine>();
            for (var receipt = draw.NextBelow(5) == 0 ? 0 : 1 + draw.NextBelow(40); receipt > 0; receipt--)
            {
                var minute = Clock.Minute(Day) + (60 * 24 * 10) - draw.NextBelow(60 * 24 * 300);
                for (var line = 1 + draw.NextBelow(5); line > 0; line--)
                    lines.Add(new PurchaseLine(
                        ((ulong)number << 32) + (ulong)receipt, minute, 1 + draw.NextBelow(3), 1 + draw.NextBelow(1 + draw.NextBelow(products)), draw.NextBelow(30) == 0 ? -1_000 : 1_000, 100 + draw.NextBelow(9_000), 0));
            }

            Histories[number] = new CustomerHistory(id, lines);
            if (draw.NextBelow(6) == 0) dislikes[number] = [new Dislike(id, TargetKind.Tag, "pork", DislikeReason.Ethics), new Dislike(id, TargetKind.Brand, "b3", DislikeReason.Feedback)];
        }

        Catalog = new Catalog
        {
            Categories = categories.ToImmutable(),
            Products = made.ToImmutable(),
            Stores = [null, .. Enumerable.Range(1, 3).Select(number => new Store(new StoreId(number), $"s{number}", "", number == 3 ? "Omsk" : "Kazan", ""))],
            Exclusions = [new Exclusion(TargetKind.Brand, "B1", ExclusionReason.LowMargin, new Period(Day.AddDays(-5), Day.AddDays(1))), new Exclusion(TargetKind.Product, "p7", ExclusionReason.Forbidden, new Period(Day, Day.AddDays(30)))],
            MassPromotions = [.. Enumerable.Range(1, 10).Select(number => new MassPromotion($"m{number}", new ProductId(number * 5), new StoreId(number % 4), new Percent(1_000), new Period(Day.AddDays(-2), Day.AddDays(2))))],
            Dislikes = dislikes.ToImmutable(),
            StoresWithStock = new HashSet<int> { 1 },
            Stock = Enumerable.Range(1, products).ToDictionary(number => (1, number), number => new Quantity(number % 4 * 1_000)),
            StorePrices = Enumerable.Range(1, products / 2).ToDictionary(number => (2, number * 2), number => new Money(700 + (number * 100))),
        };
    }

    public Catalog Catalog { get; }

    public CustomerProfile[] Profiles { get; }

    public CustomerHistory[] Histories { get; }

    /// <summary>How many customers were scored so far.</summary>
    public int Scored { get; private set; }

    public static Plan SamplePlan { get; } = PlanFile.Parse("plan.json", PlanTemplateStore.Text);

    public static Wave MadeWave(string id = "w", ulong seed = 11) => new(
        id, WaveStatus.Draft, new Period(Day, Day.AddDays(7)), seed, PlanTemplateStore.Text, "snapshot", "model", null, "Anna", null, new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero));

    public WaveInputs Inputs(Wave? wave = null, Plan? plan = null) => new(wave ?? MadeWave(), plan ?? SamplePlan, Catalog, Profiles, 4, (shard, wanted) => ReadShard(shard).Where(history => wanted?.Invoke(history.Customer.Value) != false), 7, Score, [], ReadShard, []);

    IEnumerable<CustomerHistory> ReadShard(int shard) => Histories.Skip(1).Where(history => history.Lines.Length > 0 && Profiles[history.Customer.Value].KeyHash % 4 == (ulong)shard);

    /// <summary>Whatever she bought, and some others, with chances drawn by customer and product.</summary>
    public void Score(CustomerHistory history, DateOnly day, List<Candidate> candidates, int homeStore)
    {
        lock (this) Scored++;
        candidates.Clear();
        var bought = new SortedSet<int>();
        foreach (ref readonly var line in history.Before(day)) bought.Add(line.Product);
        for (var product = 1; product < Catalog.Products.Length; product++)
        {
            var chance = (float)new Draw(5, "chance", (ulong)((history.Customer.Value * 1_000) + product)).NextUnit();
            if (bought.Contains(product)) candidates.Add(new Candidate(product, CandidateKind.Habit, chance, CandidateReason.BoughtOften, 0));
            else if (product % 4 == 0 && bought.Count > 0) candidates.Add(new Candidate(product, CandidateKind.Discovery, chance / 20, CandidateReason.GoesWith, bought.Min));
            else if (product % 2 == 0) candidates.Add(new Candidate(product, CandidateKind.Discovery, chance / 20, CandidateReason.Popular, 0));
        }
    }
}

static class MadeInputs
{
    /// <summary>What is expected at a step of the ladder that is an offer of its own.</summary>
    public static Expectation Expect(this DepthChoice depths, double chance, PriceTerms price, int step, double besideMinor = 0) =>
        depths.Expect(chance, price, depths.Rungs(price).Single(rung => rung.Step == step), 0, besideMinor);

    public static Rung[] Rungs(this DepthChoice depths, PriceTerms price)
    {
        var rungs = new Rung[depths.Steps.Length];
        return rungs[..depths.Reduce(price, rungs)];
    }

    /// <summary>Decides one customer's offers as if she were the only one, with the reason for each candidate.</summary>
    public static (Assignment Assignment, List<JudgedCandidate> Judged) DecideAlone(this WaveInputs inputs, Goods goods, CustomerProfile profile, CustomerHistory history, WaveTally tally)
    {
        var limits = new SharedLimits(inputs.Plan, inputs.Catalog);
        var (valuation, block) = (inputs.Valuation(goods, limits), new ValuedBlockBuilder());
        valuation.Value(profile, history, new PastOffers(), tally, block);
        var valued = block.Build();
        var problem = limits.Problem(inputs.Plan, [valued.ToShare()]);
        var shared = Allocate.Run(problem, null, 1, null, CancellationToken.None);
        var assembly = inputs.Assembly(goods, limits, new GoodPrices(problem, [.. shared.Limits.Select(limit => limit.Price)]));
        var assignment = assembly.Assemble(valued, 0, shared.Of(0, 0), tally);
        var refusals = assembly.Judged.ToDictionary(judged => judged.Product, judged => judged.Refusal);
        return (assignment, [.. valuation.Judged.Select(judged => new JudgedCandidate(judged.Candidate, judged.Refusal == OfferRefusal.None ? refusals[judged.Candidate.Product] : judged.Refusal))]);
    }
}
