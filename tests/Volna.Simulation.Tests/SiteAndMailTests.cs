using Volna.Intake.Catalog;

namespace Volna.Simulation.Tests;

public sealed class SiteAndMailTests
{
    readonly World _world = World.Build(SmallWorld.Options);

    [Fact]
    public void A_part_of_the_customers_looks_at_the_site_for_what_runs_out()
    {
        List<SiteEvent> events = [];
        var (users, running, liked) = (0, 0, 0);
        for (var number = 0; number < 400; number++)
        {
            var shopper = _world.Shopper(number);
            var state = new ShopperState(shopper);
            var book = new ReceiptBook();
            if (shopper.UsesSite) users++;
            for (var day = 0; day < 84; day++)
            {
                var before = events.Count;
                SiteVisits.Live(_world, shopper, state, day, events);
                foreach (var deed in events.Skip(before))
                {
                    if (shopper.Find(deed.Product) is not { } at) continue;
                    liked++;
                    if (state.CoveredUntil[at.Need] <= day + 2) running++;
                }

                ShoppingDay.Live(_world, shopper, state, ShopperOffers.None, day, book);
            }
        }

        Assert.InRange(users, 70, 130);
        Assert.All(events, deed => Assert.True(_world.Shopper(deed.Shopper).UsesSite));
        Assert.True(liked > 0.5 * events.Count && running > 0.8 * liked, $"{events.Count} {liked} {running}");
        Assert.All(Enum.GetValues<SiteDeed>(), kind => Assert.Contains(events, deed => deed.Deed == kind));
        Assert.True(events.Count(deed => deed.Deed == SiteDeed.View) > 0.8 * events.Count);
    }

    [Fact]
    public void Machines_open_and_click_beside_people()
    {
        var world = World.Build(SmallWorld.Options with { Customers = 20_000, Unsubscribes = 0.01, Complaints = 0.005 });
        var letters = Enumerable.Range(0, 20_000).Select(world.Person).Select(shopper => (Shopper: shopper, Outcomes: MailOutcomes.Of(world, shopper, new ShopperState(shopper), 84, links: 5))).ToList();

        Assert.All(letters, letter => Assert.Equal((letter.Shopper.Consents & Channels.Email) == 0, letter.Outcomes.Count == 0));
        var sent = letters.Where(letter => letter.Outcomes.Count > 0).Select(letter => letter.Outcomes).ToList();
        double Share(Func<MailOutcome, bool> which) => sent.Count(outcomes => outcomes.Any(which)) / (double)sent.Count;
        Assert.Equal(0.01, Share(outcome => outcome.Event == MailEvent.Bounced), 0.005);
        Assert.Equal(0.17, Share(outcome => outcome is { Event: MailEvent.Opened, IsMachine: true }), 0.02);
        Assert.Equal(0.25, Share(outcome => outcome is { Event: MailEvent.Opened, IsMachine: false }), 0.02);
        Assert.Equal(0.02, Share(outcome => outcome is { Event: MailEvent.Clicked, IsMachine: true }), 0.006);
        Assert.Equal(0.03, Share(outcome => outcome is { Event: MailEvent.Clicked, IsMachine: false }), 0.01);
        Assert.InRange(Share(outcome => outcome.Event == MailEvent.Unsubscribed), 0.005, 0.03);
        Assert.InRange(Share(outcome => outcome.Event == MailEvent.Complained), 0.002, 0.02);
        Assert.All(sent.Where(outcomes => outcomes.Any(outcome => outcome.Event == MailEvent.Bounced)), outcomes => Assert.Single(outcomes));
    }

    [Fact]
    public void A_wave_that_doesnt_come_by_mail_has_nothing_reported() =>
        Assert.All(Enumerable.Range(0, 100).Select(_world.Person), shopper => Assert.Empty(MailOutcomes.Of(_world, shopper, new ShopperState(shopper), 84, links: 1, Channels.Email)));

    [Fact]
    public void Whoever_opens_the_letter_knows_her_offers()
    {
        var world = World.Build(SmallWorld.Options with { SeenInApp = 0, SeenInEmail = 0.9 });
        foreach (var shopper in Enumerable.Range(0, 1_200).Select(world.Shopper))
        {
            var offers = ShopperOffers.Of(world, shopper, SmallWorld.OffersOnConsidered(world, shopper, 3, 20), SmallWorld.After(world, 14));
            var opened = MailOutcomes.Of(world, shopper, new ShopperState(shopper), 84, links: 1).Any(outcome => outcome is { Event: MailEvent.Opened, IsMachine: false });

            if (opened) Assert.InRange(offers.KnownFrom, 84, 87);
            else Assert.Equal(int.MaxValue, offers.KnownFrom);
        }
    }
}
