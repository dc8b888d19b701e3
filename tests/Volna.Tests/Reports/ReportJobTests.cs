using Volna.Offers;
using Volna.Reports;

namespace Volna.Tests.Reports;

public sealed class ReportJobTests
{
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
