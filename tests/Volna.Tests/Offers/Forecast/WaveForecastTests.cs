using Volna.Intake.Catalog;
using Volna.Offers.Forecast;
using Volna.Offers.Generation;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Forecast;

public sealed class WaveForecastTests
{
    static readonly MadeShop Shop = new(3, customers: 4_000);

    /// <summary>Forecasts from every so-manieth customer.</summary>
    static WaveForecast Forecast(int every, int offset, params PlanLimit[] limits) => Forecast(11, every, offset, limits);

    static WaveForecast Forecast(ulong seed, int every, int offset, params PlanLimit[] limits)
    {
        var inputs = Shop.Inputs(MadeShop.MadeWave("w", seed), plan: MadeShop.SamplePlan with { Limits = [.. limits] });
        var profiles = inputs.Profiles.Select((profile, number) => (number + offset) % every == 0 ? profile : default).ToArray();
        var all = inputs.ReadShard;
        inputs = inputs with { Profiles = profiles, ReadShard = (shard, _) => all(shard, null).Where(history => profiles[history.Customer.Value].Id.Value != 0) };
        int[] lastSold = [.. Shop.Catalog.Products.Select(_ => MadeShop.Day.DayNumber - 3)];
        var sampled = profiles.Count(profile => profile.Id.Value != 0);
        return WaveForecast.Of(ValuedWave.Of(inputs, inputs.Goods(lastSold), 4_000.0 / sampled, new ParallelOptions()), 4_000, 2, null, CancellationToken.None);
    }

    [Fact]
    public void A_sample_foretells_the_whole_within_its_interval()
    {
        var limit = new PlanLimit("all", TargetKind.Basket, "", Money.FromMajor((decimal)(Forecast(1, 0).Wave.ExpectedDiscountMinor / 100 / 2)), null, null);
        var whole = Forecast(1, 0, limit);
        Assert.Equal(whole.Margin.Minor, whole.Margin.LowerMinor, 6);
        Assert.Equal(whole.Wave.ExpectedMarginMinor, whole.Margin.Minor, 3);
        var held = 0;
        for (var offset = 0; offset < 10; offset++)
        {
            var sampled = Forecast(10, offset, limit);
            Assert.Equal(4_000, sampled.Customers);
            Assert.Equal(400, sampled.Sampled);
            Assert.InRange(sampled.Wave.Offers / (double)whole.Wave.Offers, 0.8, 1.25);
            Assert.InRange(sampled.Wave.ExpectedDiscountMinor / whole.Wave.ExpectedDiscountMinor, 0.9, 1.01);
            Assert.InRange(sampled.Wave.Limits[0].Used, 0, limit.Budget!.Value.Minor * 1_000 + 10);
            if (whole.Turnover.Minor >= sampled.Turnover.LowerMinor && whole.Turnover.Minor <= sampled.Turnover.UpperMinor) held++;
        }

        Assert.InRange(held, 8, 10);
    }

    // Of one in 40 customers a cap of 13 offers is a third of one: taken as none, all such caps together would seem to leave nothing.
    [Fact]
    public void Caps_smaller_than_one_offer_of_the_sample_count_as_much_together_as_they_allow()
    {
        PlanLimit[] caps = [.. Enumerable.Range(1, 100).Select(number => new PlanLimit($"p{number}", TargetKind.Product, $"p{number}", null, 13, null))];
        PlanLimit[] others = [.. Enumerable.Range(101, 20).Select(number => new PlanLimit($"p{number}", TargetKind.Product, $"p{number}", null, 0, null))];
        var whole = Forecast(1, 0, [.. caps, .. others]);
        Assert.InRange(whole.Wave.Offers, 300, 1_300);
        var sampled = Enumerable.Range(0, 10).Select(offset => Forecast((ulong)offset, 40, offset, [.. caps, .. others])).ToList();
        Assert.InRange(sampled.Average(one => one.Wave.Offers) / whole.Wave.Offers, 0.75, 1.1);
        Assert.All(sampled, one => Assert.All(one.Wave.Limits, limit => Assert.InRange(limit.Used, 0, limit.Most)));
        Assert.InRange(sampled.Average(one => one.Wave.Limits.Sum(limit => limit.Used)) / whole.Wave.Limits.Sum(limit => limit.Used), 0.75, 1.1);
        Assert.True(sampled[0].LimitsAreDrawn);
        Assert.False(whole.LimitsAreDrawn);
    }

    [Fact]
    public void A_promise_that_can_not_be_kept_is_named_with_the_numbers_of_all()
    {
        var refused = Assert.Throws<GuardException>(() => Forecast(10, 0, new PlanLimit("p", TargetKind.Product, "p12", null, null, 9_000)));
        Assert.StartsWith("p: 9000 offers are promised, but no more than ", refused.Sentence.English, StringComparison.Ordinal);
    }
}
