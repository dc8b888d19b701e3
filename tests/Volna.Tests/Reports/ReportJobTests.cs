using Volna.Intake.Letters;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Publishing;
using Volna.Reports;
using Volna.Reports.Page;

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

    [Fact]
    public void What_became_of_the_letters_is_told_where_it_was_reported_and_moves_nobody_between_channels()
    {
        using var shop = new Shop();
        shop.AddStore(1, "S");
        shop.AddProduct(1, "milk");
        for (var number = 1; number <= 8; number++) shop.AddCustomer(number, $"c{number}", email: $"c{number}@example.org");
        shop.AddWave("w", Enumerable.Range(1, 8).Select(number => (number, $"c{number}", number == 8 ? null : (IReadOnlyList<Offer>)[Shop.Offer(number, 0, 1, 20)])), PlanTemplateStore.Text);
        PublishJob.Publish(shop.Data, shop.State, "w", new PublishOptions(), Shop.Now, null, TestContext.Current.CancellationToken);
        var before = Report();
        Assert.Null(before.Letters);
        Assert.DoesNotContain("Letters", ReportPage.Of(before, Language.English), StringComparison.Ordinal);

        // c1: a person, seen although a machine was faster; c2: a scanner, which opens and clicks; c3: the minute after the next is a person's;
        // c4: opened without a delivery; c5: rows the wrong way round; c6: unsubscribes, and calls it spam; c7: comes back.
        const string Events = """
            c1,w,2026-11-27 09:00:50,delivered
            c1,w,2026-11-27 09:00:55,opened
            c1,w,2026-11-27 19:00:00,opened
            c1,w,2026-11-27 09:00:55,clicked
            c2,w,2026-11-27 09:00:50,delivered
            c2,w,2026-11-27 09:01:59,opened
            c2,w,2026-11-27 09:01:59,clicked
            c3,w,2026-11-27 09:00:50,delivered
            c3,w,2026-11-27 09:02:00,opened
            c3,w,2026-11-27 09:03:00,clicked
            c4,w,2026-11-27 09:02:00,opened
            c5,w,2026-11-27 09:00:51,opened
            c5,w,2026-11-27 09:00:50,delivered
            c6,w,2026-11-27 09:00:00,sent
            c6,w,2026-11-27 09:00:50,delivered
            c6,w,2026-11-27 12:00:00,unsubscribed
            c6,w,2026-11-27 12:00:00,complained
            c7,w,2026-11-27 09:00:50,bounced
            c7,,2026-11-27 09:00:50,opened
            """;
        shop.Import(Shop.Now.DateTime, ("mail-events.csv", $"customer,wave,time,event\n{Events}\n"));
        var after = Report();
        Assert.Equal(new LetterFigures(Reported: 7, Delivered: 5, Bounced: 1, Opened: 3, OpenedByMachines: 2, Clicked: 1, ClickedByMachines: 2, Unsubscribed: 1, Complained: 1), after.Letters);
        Assert.Contains("Of those that didn't come back, as far as can be told: opened by people 3 (50.0 %), by machines alone 2 (33.3 %)", after.Letters!.Sentence().English, StringComparison.Ordinal);
        Assert.Contains("Из невернувшихся, насколько можно судить: открыто людьми 3 (50,0 %), только программами 2 (33,3 %)", after.Letters!.Sentence().Russian, StringComparison.Ordinal);
        Assert.Contains("opened by people 3 (50.0 %)", ReportPage.Of(after, Language.English), StringComparison.Ordinal);
        Assert.Contains("w,letters,openedByMachines,letters,,,2,", ReportCsv.Of(after), StringComparison.Ordinal);

        // The held-out have no letter to unsubscribe from: whoever did stays among those who may be written to.
        Assert.Equal((7, 1), (ByMail(before).Treated, ByMail(before).HeldOut));
        Assert.Equal((7, 1), (ByMail(after).Treated, ByMail(after).HeldOut));

        WaveReport Report() => ReportJob.Make(shop.Data, shop.State, "w", Shop.Now, keep: false, null, TestContext.Current.CancellationToken);

        static Population ByMail(WaveReport report) => report.By(Dimension.Channel).Single(channel => channel.Name == "Email");
    }
}
