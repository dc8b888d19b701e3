using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Reports;

namespace Volna.Tests.Reports;

public sealed class ReportJobTests
{
    [Fact]
    public void Without_customers_held_out_of_all_waves_there_is_no_report_on_a_period()
    {
        using var shop = new Shop();
        shop.AddPublishedWave("w", (1, "anna", null));
        shop.Run("update wave set plan = @plan", new { plan = PlanTemplateStore.Text });
        var refusal = Assert.Throws<BadInputException>(() => PeriodReportJob.Make(shop.Data, shop.State, null, Shop.Now, null, TestContext.Current.CancellationToken));
        Assert.Equal("no-universal-holdout", refusal.Code);
    }

    [Fact]
    public void A_wave_stopped_before_it_was_published_has_no_report()
    {
        using var shop = new Shop();
        shop.AddWave("w", [(1, "anna", null)]);
        new WaveStore(shop.State).Move("w", WaveStatus.Approved, WaveStatus.Stopped, "bob", Shop.Now);
        var refusal = Assert.Throws<BadInputException>(() => ReportJob.Make(shop.Data, shop.State, "w", Shop.Now, keep: true, null, TestContext.Current.CancellationToken));
        Assert.Equal("wave-not-published", refusal.Code);
    }
}
