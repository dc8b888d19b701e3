using Volna.Intake.Catalog;

namespace Volna.Simulation;

/// <summary>What a mailing service reports of a letter.</summary>
enum MailEvent
{
    Delivered = 0,
    Bounced = 1,
    Opened = 2,
    Clicked = 3,
    Unsubscribed = 4,
    Complained = 5,
}

/// <summary>One report on a customer's letter of a wave.</summary>
/// <param name="Minute">After sending.</param>
/// <param name="IsMachine">True where no person was behind it. The mailing service does not tell.</param>
readonly record struct MailOutcome(MailEvent Event, int Minute, bool IsMachine);

/// <summary>
/// The reports on a letter, machines among them: Apple Mail fetches every picture on delivery, which looks like an opening; a company's scanner opens each
/// letter and clicks every link. Whoever reads opens and clicks as a business must not count, unless it can tell them from people.
/// </summary>
static class MailOutcomes
{
    /// <summary>Shares of mailboxes: dead, behind a scanner, read in Apple Mail with its privacy protection. Assumptions.</summary>
    const double Dead = 0.01, Scanned = 0.02, Prefetched = 0.15;

    /// <summary>Share of Apple Mail's fetches that come with the letter; the others when the device next has power and time, within half a day. An assumption: Apple doesn't tell.</summary>
    const double FetchedAtOnce = 0.7;

    const int LatestFetch = 720;

    /// <summary>Chance that a letter read is clicked.</summary>
    const double Click = 0.12;

    /// <param name="state">Of the morning before the letter.</param>
    /// <param name="firstDay">Day of the world on which it is sent.</param>
    /// <param name="links">In the letter.</param>
    /// <param name="closed">Channels by which the wave doesn't come to her.</param>
    public static IReadOnlyList<MailOutcome> Of(World world, Shopper shopper, ShopperState state, int firstDay, int links, Channels closed = Channels.None)
    {
        var open = shopper.Consents & ~state.Left & ~closed;
        if ((open & Channels.Email) == 0) return [];
        if (IsDead(shopper)) return [new MailOutcome(MailEvent.Bounced, 0, IsMachine: false)];

        var outcomes = new List<MailOutcome> { new(MailEvent.Delivered, 0, IsMachine: false) };
        var box = Box(shopper);
        if (box < Dead + Scanned) outcomes.Add(new MailOutcome(MailEvent.Opened, 1, IsMachine: true));
        else if (box < Dead + Scanned + Prefetched) outcomes.Add(new MailOutcome(MailEvent.Opened, Fetched(shopper.Luck.Unit(Purpose.MailFetch, firstDay, 0)), IsMachine: true));
        if (box < Dead + Scanned)
            for (var link = 0; link < links; link++) outcomes.Add(new MailOutcome(MailEvent.Clicked, 1, IsMachine: true));

        if (Inbox.Sees(world, shopper, Channels.Email, open, Inbox.Tiredness(world, state, firstDay), firstDay) is { } seen)
        {
            var minute = 5 + (int)(seen * 3 * 1440);
            outcomes.Add(new MailOutcome(MailEvent.Opened, minute, IsMachine: false));
            if (links > 0 && shopper.Luck.Unit(Purpose.MailClick, firstDay, 0) < Click) outcomes.Add(new MailOutcome(MailEvent.Clicked, minute + 1, IsMachine: false));
        }

        var after = state.Copy();
        Inbox.Receive(world, shopper, after, open, firstDay, firstDay);
        if (after.Complaints > state.Complaints) outcomes.Add(new MailOutcome(MailEvent.Complained, 600, IsMachine: false));
        else if ((after.Left & Channels.Email) != 0) outcomes.Add(new MailOutcome(MailEvent.Unsubscribed, 600, IsMachine: false));
        return outcomes;
    }

    /// <summary>Nobody reads this mailbox; letters to it come back.</summary>
    public static bool IsDead(Shopper shopper) => Box(shopper) < Dead;

    static double Box(Shopper shopper) => shopper.Luck.Unit(Purpose.MailBox, 0, 0);

    static int Fetched(double luck) => luck < FetchedAtOnce ? 1 : 2 + (int)((luck - FetchedAtOnce) / (1 - FetchedAtOnce) * LatestFetch);
}
