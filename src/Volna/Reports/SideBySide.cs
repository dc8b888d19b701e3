namespace Volna.Reports;

/// <summary>
/// Does the same for several waves, as many at once as there are processors and no more: each maps its pack, and packs of millions of customers
/// together would fill the memory.
/// </summary>
static class SideBySide
{
    /// <returns>What came of each, in their order.</returns>
    /// <exception cref="Exception">The first that was thrown, as it is.</exception>
    public static TResult[] Each<T, TResult>(IReadOnlyList<T> items, Func<T, TResult> make, CancellationToken stop)
    {
        var results = new TResult[items.Count];
        Parallel.ForAsync(0, items.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, (at, _) =>
        {
            results[at] = make(items[at]);
            return ValueTask.CompletedTask;
        }).GetAwaiter().GetResult();
        return results;
    }
}
