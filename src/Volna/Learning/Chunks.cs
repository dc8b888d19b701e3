namespace Volna.Learning;

/// <summary>
/// Parallel work whose result doesn't depend on the number of threads: the same chunks whatever the threads, and their results in order.
/// </summary>
static class Chunks
{
    /// <summary>The results of chunks of <paramref name="size"/> (the last may be smaller), the first chunk's first.</summary>
    /// <param name="work">Given the start, included, and the end, excluded.</param>
    public static T[] Map<T>(int count, int size, ParallelOptions parallel, Func<int, int, T> work)
    {
        var results = new T[(count + size - 1) / size];
        Parallel.For(0, results.Length, parallel, chunk => results[chunk] = work(chunk * size, Math.Min(count, (chunk + 1) * size)));
        return results;
    }
}
