namespace Volna.Publishing;

/// <summary>Publishes an approved wave: its pack goes live at the tills in one step, then each treated customer's messages are written to the outbox.</summary>
public static class PublishJob
{
    /// <summary>Safe to repeat: what is published and written already isn't done again; a broken-off publication is finished.</summary>
    /// <exception cref="BadInputException">There is no such wave.</exception>
    /// <exception cref="GuardException">The wave isn't approved.</exception>
    public static PublishSummary Publish(
        DataFolder folder, StateStore state, string wave, PublishOptions options, DateTimeOffset now, IProgress<StepProgress>? progress, CancellationToken stop) =>
        throw new NotImplementedException(folder.Root + state + wave + options + now + progress + stop);
}

/// <summary>How messages are written.</summary>
public sealed record PublishOptions
{
    /// <summary>At most so many customers a channel get a file of their own; the complete files hold everybody.</summary>
    public int OutboxLimit { get; init; } = 1_000;
}

/// <summary>What became of each treated customer in each channel.</summary>
/// <param name="Customers">Treated customers with at least one offer; in each channel the states add up to them.</param>
/// <param name="HeldOut">Customers who get nothing, so that the effect can be measured.</param>
public sealed record PublishSummary(string Wave, int Customers, int Offers, int HeldOut, IReadOnlyList<ChannelSummary> Channels, string Outbox);

/// <param name="Channel">Such as <c>email</c>.</param>
public sealed record ChannelSummary(string Channel, int Written, int NoConsent, int NoAddress);
