namespace Volna.Reports.Messages;

/// <summary>A customer's part in a wave.</summary>
[Flags]
enum WavePart : byte
{
    None = 0,
    Assigned = 1,
    HeldOut = 2,

    /// <summary>She was sent a message with offers.</summary>
    Sent = 4,
}

/// <summary>A wave whose customers are compared by how many messages they got before.</summary>
/// <param name="Before">The weeks before it.</param>
/// <param name="Parts">By number of the customer.</param>
/// <param name="Earlier">Parts in the waves whose messages she may have got in these weeks.</param>
sealed record ContactedWave(Period Validity, Period Before, double HeldOutShare, WavePart[] Parts, IReadOnlyList<WavePart[]> Earlier)
{
    /// <summary>Messages are counted in so many days before a wave.</summary>
    public const int DaysBefore = 56;

    /// <summary>Who got more counts as having got so many.</summary>
    public const int Most = 8;

    public bool IsAssigned(int customer) => (Parts[customer] & WavePart.Assigned) != 0;

    /// <summary>Where a customer counts: twice the messages she got before, plus one for the held-out.</summary>
    public int CellOf(int customer)
    {
        var messages = 0;
        foreach (var parts in Earlier)
            if ((parts[customer] & WavePart.Sent) != 0)
                messages++;
        return (2 * Math.Min(messages, Most)) + ((Parts[customer] & WavePart.HeldOut) != 0 ? 1 : 0);
    }
}
