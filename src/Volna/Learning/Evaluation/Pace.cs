namespace Volna.Learning.Evaluation;

/// <summary>How fast work was done.</summary>
static class Pace
{
    /// <returns>Null where less time passed than the clock of the processor tells.</returns>
    public static double? PerSecond(long count, TimeSpan taken) => taken > TimeSpan.Zero ? count / taken.TotalSeconds : null;
}
