namespace Volna.Intake.History;

/// <summary>
/// Which imported batches count: frozen for a wave, so that it can be run again and give the same bytes. Two snapshots with the same
/// <see cref="Id"/> hold the same data, on any machine.
/// </summary>
/// <param name="Id">16 hexadecimal digits over the digests of all batches in the order of their import; <c>empty</c> where there are none.</param>
/// <param name="Segments">The history segments that are visible.</param>
/// <param name="FirstDay">Day of the oldest purchase, or null without purchases.</param>
/// <param name="LastDay">Day of the newest purchase, or null without purchases.</param>
/// <param name="Lines">Number of purchase lines.</param>
public sealed record Snapshot(string Id, IReadOnlyList<int> Segments, DateOnly? FirstDay, DateOnly? LastDay, long Lines);
