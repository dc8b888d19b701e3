using System.Diagnostics;

namespace Volna.Simulation.Tests;

public sealed class PanelTests
{
    [Fact]
    public void Without_an_effect_nobody_differs_from_herself()
    {
        var panel = Worlds.Panel(1, 5_000, PanelEffect.None);
        Assert.All(panel.Customers, customer => Assert.Equal((0, 0), (customer.TrueEffectMinor, customer.TrueVisits)));
        Assert.InRange(panel.Customers.Count(customer => customer.Treated) / 5_000.0, 0.88, 0.92);
        Assert.Contains(panel.Customers, customer => customer is { BeforeMinor: > 0, SpendMinor: 0 });
    }

    [Theory]
    [InlineData(0.05, 0)]
    [InlineData(0, 0.1)]
    [InlineData(-0.1, 0)]
    public void The_mean_effect_has_the_size_put_in(double visits, double basket)
    {
        var panel = Worlds.Panel(2, 200_000, new PanelEffect(visits, basket), treatedShare: 0.5);
        var usual = panel.Customers.Average(customer => (double)(customer.Treated ? customer.SpendMinor - customer.TrueEffectMinor : customer.SpendMinor));
        Assert.Equal(((1 + visits) * (1 + basket)) - 1, panel.Customers.Average(customer => (double)customer.TrueEffectMinor) / usual, 0.01);

        double Spend(bool treated) => panel.Customers.Where(customer => customer.Treated == treated).Average(customer => (double)customer.SpendMinor);
        Assert.Equal(panel.TrueEffectOnTreatedMinor, Spend(true) - Spend(false), usual * 0.03);
    }

    [Fact]
    public void A_wave_may_please_the_many_and_hurt_the_loyal()
    {
        var panel = Worlds.Panel(3, 50_000, new PanelEffect(Visits: 0.2, LoyalVisits: -0.2));
        var byFrequency = panel.Customers.OrderBy(customer => customer.BeforeMinor).ToList();
        Assert.True(byFrequency.Take(25_000).Sum(customer => customer.TrueVisits) > 0);
        Assert.True(byFrequency.TakeLast(5_000).Sum(customer => customer.TrueVisits) < 0);
    }

    [Fact]
    public void A_season_raises_all_arms_alike_and_is_no_effect()
    {
        Panel usual = Worlds.Panel(4, 50_000, PanelEffect.None), season = Worlds.Panel(4, 50_000, PanelEffect.None, season: 0.3);
        Assert.Equal(0, season.TrueEffectOnTreatedMinor);
        Assert.Equal(1.3, season.Customers.Sum(customer => customer.Visits) / (double)usual.Customers.Sum(customer => customer.Visits), 0.03);
    }

    [Fact]
    public void Spend_before_tells_of_spend_in_the_wave_and_days_add_up()
    {
        var panel = Worlds.Panel(5, 20_000, new PanelEffect(0.05));
        double[] before = [.. panel.Customers.Select(customer => (double)customer.BeforeMinor)], spend = [.. panel.Customers.Select(customer => (double)customer.SpendMinor)];
        double meanBefore = before.Average(), meanSpend = spend.Average();
        var correlation = before.Zip(spend, (b, s) => (b - meanBefore) * (s - meanSpend)).Sum()
            / Math.Sqrt(before.Sum(b => (b - meanBefore) * (b - meanBefore)) * spend.Sum(s => (s - meanSpend) * (s - meanSpend)));
        Assert.InRange(correlation, 0.3, 0.7);
        for (var i = 0; i < panel.Customers.Count; i++)
        {
            var sum = 0L;
            foreach (var day in panel.SpendByDay(i)) sum += day;
            Assert.Equal(panel.Customers[i].SpendMinor, sum);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_panel_and_quickly()
    {
        var first = Worlds.Panel(6, 20_000, new PanelEffect(0.05));
        var clock = Stopwatch.StartNew();
        var second = Worlds.Panel(6, 20_000, new PanelEffect(0.05));
        clock.Stop();
        TestContext.Current.TestOutputHelper?.WriteLine($"{clock.Elapsed.TotalMilliseconds:F1} ms");
        Assert.Equal(first.Customers, second.Customers);
        Assert.NotEqual(first.Customers, Worlds.Panel(7, 20_000, new PanelEffect(0.05)).Customers);
        Assert.True(clock.Elapsed.TotalSeconds < 1);
    }
}
