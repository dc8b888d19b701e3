namespace Volna;

/// <summary>How far a long step has come; shown as a bar with rate and time left.</summary>
/// <param name="Step">What is being done.</param>
/// <param name="Done">Units done so far.</param>
/// <param name="Total">Units in all, or null where that isn't known yet.</param>
/// <param name="Unit">What is counted: lines, customers, bytes.</param>
public sealed record StepProgress(Text Step, long Done, long? Total, Text Unit);
