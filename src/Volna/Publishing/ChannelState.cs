using Volna.Intake.Catalog;
using Volna.Publishing.Mail;

namespace Volna.Publishing;

/// <summary>What became of a customer's offers in a channel; each customer with offers ends in exactly one of them.</summary>
public enum ChannelState
{
    Written = 0,
    NoConsent = 1,

    /// <summary>None, one that no letter can be sent to, or one from which letters came back.</summary>
    NoAddress = 2,

    /// <summary>She was written to through it as often as the plan allows.</summary>
    ContactLimit = 3,
}

/// <summary>Which customers a channel reaches.</summary>
static class ChannelStates
{
    /// <param name="closed">Channels that the wave doesn't use for her.</param>
    public static ChannelState Of(Contact contact, Channels channel, Channels closed)
    {
        if ((contact.Consents & channel) == 0) return ChannelState.NoConsent;
        if ((closed & channel) != 0) return ChannelState.ContactLimit;
        return channel == Channels.Email && !Mailbox.IsUsable(contact.Email) ? ChannelState.NoAddress : ChannelState.Written;
    }

    /// <summary>As it stands in files, such as <c>no-consent</c>.</summary>
    public static string Code(this ChannelState state) => state switch
    {
        ChannelState.Written => "written",
        ChannelState.NoConsent => "no-consent",
        ChannelState.NoAddress => "no-address",
        ChannelState.ContactLimit => "contact-limit",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };
}
