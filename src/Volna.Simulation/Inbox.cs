using Volna.Intake.Catalog;

namespace Volna.Simulation;

/// <summary>
/// What a message does to the one who gets it, beside its offers: she may overlook it, be annoyed, unsubscribe, or call it spam. A letter weighs one
/// message, a push in the app half, what stands on a receipt hardly anything.
/// </summary>
static class Inbox
{
    const double PushWeight = 0.5, PrintWeight = 0.05;

    /// <summary>How much more readily the annoyed leave: times one plus this for each unit that the messages take from their log-odds of a visit.</summary>
    const double LeavesWhenAnnoyed = 12, ComplainsWhenAnnoyed = 30;

    /// <summary>Whether she notices a channel's message on its first days, and if so where within them, from 0 to 1.</summary>
    /// <param name="open">Channels by which the retailer may write to her.</param>
    /// <param name="fatigue">How much the logarithm of the chance is lowered.</param>
    public static double? Sees(World world, Shopper shopper, Channels channel, Channels open, double fatigue, int firstDay)
    {
        if ((open & channel) == 0) return null;
        var options = world.Options;
        var chance = channel switch { Channels.App => options.SeenInApp, Channels.Email => options.SeenInEmail, _ => options.SeenInPrint };
        if (fatigue > 0) chance *= Math.Exp(-fatigue);
        var luck = shopper.Luck.Unit(Purpose.Aware, firstDay, (int)channel);
        return luck < chance ? luck / chance : null;
    }

    /// <summary>By how much the messages she has not forgotten lower the logarithm of the chance that she notices the next.</summary>
    public static double Tiredness(World world, ShopperState state, int day) => world.Options.OfferStrength * world.Options.Fatigue * state.FreshMessages(day);

    /// <summary>The messages of a wave arrive.</summary>
    /// <param name="channels">By which they come.</param>
    public static void Receive(World world, Shopper shopper, ShopperState state, Channels channels, int firstDay, int day)
    {
        var weight = ((channels & Channels.Email) != 0 ? 1 : 0) + ((channels & Channels.App) != 0 ? PushWeight : 0) + ((channels & Channels.Print) != 0 ? PrintWeight : 0);
        if (weight == 0) return;
        state.Receive(day, weight);
        var annoyed = Annoyance(world, shopper, state, day);
        if ((channels & Channels.Email) != 0) Leave(Channels.Email, 1);
        if ((channels & Channels.App) != 0) Leave(Channels.App, PushWeight);

        void Leave(Channels channel, double share)
        {
            var options = world.Options;
            var complains = channel == Channels.Email && shopper.Luck.Unit(Purpose.Complain, firstDay, (int)channel) < options.Complaints * (1 + (ComplainsWhenAnnoyed * annoyed));
            if (complains || shopper.Luck.Unit(Purpose.Unsubscribe, firstDay, (int)channel) < share * options.Unsubscribes * (1 + (LeavesWhenAnnoyed * annoyed)))
                state.Leave(channel, complains);
        }
    }

    /// <summary>What the messages she has not forgotten take from the log-odds of her visit; offers without strength annoy nobody.</summary>
    public static double Annoyance(World world, Shopper shopper, ShopperState state, int day) =>
        world.Options.OfferStrength * shopper.Irritability * state.FreshMessages(day);
}
