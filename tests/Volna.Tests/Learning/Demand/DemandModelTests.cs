using System.Text;
using Volna.Intake.History;
using Volna.Learning;
using Volna.Learning.Demand;

namespace Volna.Tests.Learning.Demand;

public sealed class DemandModelTests : ForetellingContract<DemandModel>
{
    static readonly List<CustomerHistory> Shop = MadeUpShop.Customers();

    [Theory]
    [InlineData(MadeUpShop.Tea, MadeUpShop.Biscuits)]
    [InlineData(MadeUpShop.Pasta, MadeUpShop.Sauce)]
    public void What_others_found_after_the_same_product_is_the_first_discovery(int bought, int expected)
    {
        var customer = MadeUpShop.Customer(
            MadeUpShop.Line(-34, MadeUpShop.Milk), MadeUpShop.Line(-34, bought), MadeUpShop.Line(-20, MadeUpShop.Milk), MadeUpShop.Line(-20, bought), MadeUpShop.Line(-6, bought));
        var discovery = Score(Model, customer, MadeUpShop.Today).First(candidate => candidate.Kind == CandidateKind.Discovery);
        Assert.Equal((expected, CandidateReason.GoesWith, bought), (discovery.Product, discovery.Reason, discovery.Because));
    }

    [Fact]
    public void What_is_sold_no_more_is_no_discovery_and_a_hopeless_habit()
    {
        var candidates = Score(Model, MadeUpShop.Customer(MadeUpShop.Line(-6, MadeUpShop.Milk)), MadeUpShop.Today);
        Assert.DoesNotContain(candidates, candidate => candidate.Product == MadeUpShop.Delisted);
        var early = Shop.First(customer => customer.Lines[0].Day < MadeUpShop.Today.AddDays(-200));
        Assert.InRange(Score(Model, early, MadeUpShop.Today).Single(candidate => candidate.Product == MadeUpShop.Delisted).Chance, 0, 0.05f);
    }

    [Fact]
    public void Candidates_are_complete_unique_likeliest_first_and_of_the_right_kind()
    {
        foreach (var customer in Shop)
        {
            var known = customer.Lines.ToArray().Select(line => line.Product).ToHashSet();
            var candidates = Score(Model, customer, MadeUpShop.Today);
            Assert.Equal(known.Order(), candidates.Where(candidate => candidate.Kind == CandidateKind.Habit).Select(candidate => candidate.Product).Order());
            Assert.Equal(candidates.Count, candidates.Select(candidate => candidate.Product).Distinct().Count());
            Assert.Equal(candidates.Select(candidate => candidate.Chance).OrderDescending(), candidates.Select(candidate => candidate.Chance));
            Assert.All(candidates, candidate => Assert.InRange(candidate.Chance, 0, 1));
        }
    }

    [Fact]
    public void What_she_brought_back_is_not_known_to_her()
    {
        var customer = MadeUpShop.Customer(MadeUpShop.Line(-9, MadeUpShop.Milk), MadeUpShop.Line(-9, MadeUpShop.Tea), MadeUpShop.Line(-5, MadeUpShop.Tea, -1));
        Assert.DoesNotContain(Score(Model, customer, MadeUpShop.Today), candidate => candidate is { Product: MadeUpShop.Tea, Kind: CandidateKind.Habit });
    }

    [Fact]
    public void A_customer_without_history_gets_the_most_popular_named_as_such()
    {
        var candidates = Score(Model, MadeUpShop.Customer(), MadeUpShop.Today);
        Assert.Equal(MadeUpShop.Milk, candidates[0].Product);
        Assert.All(candidates, candidate => Assert.Equal((CandidateKind.Discovery, CandidateReason.Popular), (candidate.Kind, candidate.Reason)));
    }

    [Fact]
    public void A_product_the_model_never_saw_does_no_harm()
    {
        var candidates = Score(Model, MadeUpShop.Customer(MadeUpShop.Line(-3, 9_999), MadeUpShop.Line(-3, MadeUpShop.Milk)), MadeUpShop.Today);
        Assert.Contains(candidates, candidate => candidate is { Product: 9_999, Kind: CandidateKind.Habit });
    }

    [Fact]
    public void Reasons_say_what_a_person_would_say_first()
    {
        // By product: days before today on which it was bought.
        const string Cases = """
            product days         reason        because
            7       63,42,21     CycleDue      21
            8       9,6,3        BoughtOften   0
            9       10           BoughtLately  0
            10      300,200,100  CycleDue      100
            11      90,75,70     BoughtOften   0
            2       12           BoughtLately  0
            """;
        var rows = Cases.Split('\n').Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var customer = MadeUpShop.Customer([.. rows.SelectMany(row => row[1].Split(',').Select(day => MadeUpShop.Line(-int.Parse(day), int.Parse(row[0]))))]);
        var candidates = Score(Model, customer, MadeUpShop.Today).ToDictionary(candidate => candidate.Product);
        Assert.Equal(
            rows.Select(row => $"{row[0]} {row[2]} {row[3]}"),
            rows.Select(row => candidates[int.Parse(row[0])]).Select(candidate => $"{candidate.Product} {candidate.Reason} {candidate.Because}"));
    }

    [Fact]
    public void A_chance_is_explained_by_at_most_three_true_reasons_and_a_customer_without_history_by_what_is_popular()
    {
        var customer = MadeUpShop.Customer(
            [.. Enumerable.Range(1, 12).SelectMany(week => new[] { MadeUpShop.Line(-7 * week, MadeUpShop.Milk), MadeUpShop.Line(-7 * week, MadeUpShop.Tea) }), MadeUpShop.Line(-200, MadeUpShop.FirstOther)]);
        var candidates = Score(Model, customer, MadeUpShop.Today);
        foreach (var candidate in candidates)
        {
            var reasons = Model.Explain(customer, MadeUpShop.Today, candidate.Product);
            Assert.InRange(reasons.Length, 1, 3);
            Assert.Equal(reasons.Length, reasons.Select(reason => reason.Reason).Distinct().Count());
            if (candidate.Product == MadeUpShop.FirstOther) Assert.DoesNotContain(reasons, reason => reason.Reason is CandidateReason.BoughtOften or CandidateReason.BoughtLately or CandidateReason.CycleDue);
            if (candidate.Kind == CandidateKind.Discovery) Assert.DoesNotContain(reasons, reason => reason.Reason is CandidateReason.BoughtOften or CandidateReason.BoughtLately or CandidateReason.CycleDue);
        }

        // What she buys every week is due; what she has been buying every other day, she buys often; what others found beside goes with it. All other customers buy
        // milk every week, too, so that its chance owes more to the milk than to her: the offer's own reason is named nevertheless.
        Assert.Contains(new Explanation(CandidateReason.CycleDue, 7), Model.Explain(customer, MadeUpShop.Today, MadeUpShop.Milk));
        var often = MadeUpShop.Customer([.. Enumerable.Range(1, 30).Select(time => MadeUpShop.Line(-2 * time, MadeUpShop.Milk))]);
        Assert.Contains(new Explanation(CandidateReason.BoughtOften, 0), Model.Explain(often, MadeUpShop.Today, MadeUpShop.Milk));
        Assert.Contains(new Explanation(CandidateReason.GoesWith, MadeUpShop.Tea), Model.Explain(customer, MadeUpShop.Today, MadeUpShop.Biscuits));
        Assert.Equal([new Explanation(CandidateReason.Popular, 0)], Model.Explain(MadeUpShop.Customer(), MadeUpShop.Today, MadeUpShop.Milk));
    }

    [Fact]
    public void A_jumbo_pack_is_known_by_its_quantity()
    {
        var usual = MadeUpShop.Customer([.. Enumerable.Range(1, 8).Select(week => MadeUpShop.Line(-7 * week, MadeUpShop.Tea))]);
        var shopper = new Shopper();
        shopper.Read(usual, Days.Of(MadeUpShop.Today), 28);
        Assert.Equal((8, 8_000, 1_000), (shopper.Uses[0].Times, shopper.Uses[0].Quantity, shopper.Uses[0].LastQuantity));
        shopper.Read(new CustomerHistory(default, [.. usual.Lines, MadeUpShop.Line(-2, MadeUpShop.Tea, 6)]), Days.Of(MadeUpShop.Today), 28);
        Assert.Equal((9, 14_000, 6_000), (shopper.Uses[0].Times, shopper.Uses[0].Quantity, shopper.Uses[0].LastQuantity));
    }

    protected override void FindPattern(DemandModel model)
    {
        // What she buys every week comes first.
        foreach (var customer in Shop.Where(customer => customer.Lines.ToArray().Count(line => line.Product == MadeUpShop.Milk) > 10).Take(20))
        {
            var first = Score(model, customer, MadeUpShop.Today)[0];
            Assert.Equal((MadeUpShop.Milk, CandidateKind.Habit), (first.Product, first.Kind));
            Assert.InRange(first.Chance, 0.95f, 1);
        }
    }

    protected override DemandModel Fit(ulong world, int threads) => Train(world, threads).Model;

    protected override double[] Ask(DemandModel model, int @case) => Numbers(Score(model, Shop[@case], MadeUpShop.Today));

    protected override object AskBefore(ulong world)
    {
        // Other customers' days, from the scoring day on.
        var later = MadeUpShop.Customers(Cases, world).ConvertAll(customer => customer.Lines.ToArray().Take(30).Select((line, i) => MadeUpShop.Line(i, line.Product, i % 9 == 0 ? -1 : 1)));
        return Enumerable.Range(0, Cases).Select(one => Numbers(Score(Model, new CustomerHistory(Shop[one].Customer, [.. Shop[one].Lines, .. later[one]]), MadeUpShop.Today))).ToArray();
    }

    protected override byte[] Save(DemandModel model) => DemandFile.Write(model);

    protected override DemandModel Load(byte[] bytes) => Load(Trained, "demand.bin", _ => bytes);

    protected override DemandModel LoadOfFormat(int format) =>
        Load(Trained, "model.json", card => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(card).Replace("\"format\": 5", $"\"format\": {format}", StringComparison.Ordinal)));

    TrainedDemand Trained => Train(1, 2) with { Model = Model };

    /// <summary>Loads a model of which a file was changed.</summary>
    static DemandModel Load(TrainedDemand trained, string file, Func<byte[], byte[]> change)
    {
        using var folder = new TemporaryFolder();
        var (version, _) = new ModelStore(folder.Data).Save(trained, "0123456789abcdef", DateTimeOffset.UnixEpoch);
        var path = Path.Combine(folder.Data.Models, version, file);
        File.WriteAllBytes(path, change(File.ReadAllBytes(path)));
        return new ModelStore(folder.Data).LoadPresent().Model;
    }

    static List<Candidate> Score(DemandModel model, CustomerHistory customer, DateOnly day)
    {
        var candidates = new List<Candidate>();
        model.Score(customer, day, candidates);
        return candidates;
    }

    static double[] Numbers(List<Candidate> candidates) => [.. candidates.SelectMany(one => (double[])[one.Product, (int)one.Kind, one.Chance, (int)one.Reason, one.Because])];

    static TrainedDemand Train(ulong world, int threads) =>
        DemandTraining.Run(PurchaseSource.Of(MadeUpShop.Customers(seed: world)), new DemandOptions(), parallel: new ParallelOptions { MaxDegreeOfParallelism = threads });
}
