using Volna.Intake.Catalog;
using Volna.Publishing.Mail;

namespace Volna.Publishing;

/// <summary>What became of a customer's offers in a channel; each customer with offers ends in exactly one of them.</summary>
public enum ChannelState
{
    Written = 0,
    NoConsent = 1,

    /// <summary>None, or one that no letter can be sent to.</summary>
    NoAddress = 2,
}

/// <summary>Which customers a channel reaches.</summary>
static class ChannelStates
{
    public static ChannelState Of(Contact contact, Channels channel)
    {
        if ((contact.Consents & channel) == 0) return ChannelState.NoConsent;
        return channel == Channels.Email && !Mailbox.IsUsable(contact.Email) ? ChannelState.NoAddress : ChannelState.Written;
    }

    /// <summary>As it stands in files, such as <c>no-consent</c>.</summary>
    public static string Code(this ChannelState state) => state switch
    {
        ChannelState.Written => "written",
        ChannelState.NoConsent => "no-consent",
        ChannelState.NoAddress => "no-address",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };
}
