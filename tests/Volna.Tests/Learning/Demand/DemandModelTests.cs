using Volna.Intake.History;
using Volna.Learning;
using Volna.Learning.Demand;

namespace Volna.Tests.Learning.Demand;

public sealed class DemandModelTests : ModelContract<DemandModel>
{
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

    protected override DemandModel Fit(IReadOnlyList<CustomerHistory> customers, ulong seed, int threads) => Train(customers, seed, threads).Model;

    protected override List<Candidate> Score(DemandModel model, CustomerHistory customer, DateOnly day)
    {
        var candidates = new List<Candidate>();
        model.Score(customer, day, candidates);
        return candidates;
    }

    protected override byte[] Bytes(DemandModel model) => DemandFile.Write(model);

    private protected override string Save(DemandModel model, TemporaryFolder folder)
    {
        var trained = Train(MadeUpShop.Customers(), seed: 1, threads: 2) with { Model = model };
        var (version, _) = new ModelStore(folder.Data).Save(trained, "0123456789abcdef", DateTimeOffset.UnixEpoch);
        return Path.Combine(folder.Data.Models, version, "demand.bin");
    }

    private protected override DemandModel Load(TemporaryFolder folder) => new ModelStore(folder.Data).LoadPresent().Model;

    static TrainedDemand Train(IReadOnlyList<CustomerHistory> customers, ulong seed, int threads) =>
        DemandTraining.Run(PurchaseSource.Of(customers), new DemandOptions { Seed = seed }, parallel: new ParallelOptions { MaxDegreeOfParallelism = threads });
}
