namespace Volna.Offers.Allocation;

/// <summary>Decides all customers together: finds the limits' prices, hands out at these prices, and tells how near to the best possible that is.</summary>
static class Allocate
{
    /// <param name="range">Between which prices to look; null for all there are.</param>
    /// <exception cref="GuardException">Code <c>promise-infeasible</c>: a promised number of offers can't be reached; <c>promise-not-reached</c>: it wasn't.</exception>
    public static Allocated Run(AllocationProblem problem, PriceRange? range, int threads, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        if (problem.Limits.IsEmpty)
        {
            // Everybody gets the best for herself, and no one can do better.
            var free = new HandOut(problem, threads).Run(FoundPrices.None, range, stop);
            free.BoundMilli = free.ValueMilli;
            return free;
        }

        CheckPromises(problem);
        var found = new DualSearch(problem, range, threads).Run(progress, stop);
        return new HandOut(problem, threads).Run(found, range, stop);
    }

    public static bool IsBrokenPromise(GuardException refusal) => refusal.Code is Infeasible or NotReached;

    const string Infeasible = "promise-infeasible", NotReached = "promise-not-reached";

    /// <param name="found">The most that sharing out came to. There may be a better way: that none is isn't proven.</param>
    internal static GuardException Unreached(AllocationProblem problem, Limit limit, long found) => new(NotReached, new Text(
        $"{limit.Name}: {limit.Least * problem.Each:0} offers are promised, and the most that was found within the other rules and limits is {found * problem.Each:0}; lower the promise or widen the limits.",
        $"{limit.Name}: обещано предложений {limit.Least * problem.Each:0}, а при остальных правилах и ограничениях удалось набрать не больше {found * problem.Each:0}; уменьшите обещание или расширьте ограничения."));

    /// <param name="possible">Of each limit, no more offers than so many.</param>
    /// <exception cref="GuardException">Code <c>promise-infeasible</c>: more is promised.</exception>
    public static void CheckPromises(AllocationProblem problem, long[] possible)
    {
        foreach (var (limit, most) in problem.Limits.Zip(possible, (limit, count) => (limit, Math.Min(count, limit.Most))))
            if (most < limit.Least)
                throw new GuardException(Infeasible, new Text(
                    $"{limit.Name}: {limit.Least * problem.Each:0} offers are promised, but no more than {most * problem.Each:0} are possible within the other rules and limits; lower the promise or widen the limits.",
                    $"{limit.Name}: обещано предложений {limit.Least * problem.Each:0}, но при остальных правилах и ограничениях возможно не больше {most * problem.Each:0}; уменьшите обещание или расширьте ограничения."));
    }

    static void CheckPromises(AllocationProblem problem)
    {
        if (problem.Limits.All(limit => limit.Least == 0)) return;
        var possible = new long[problem.Limits.Length];
        var hers = new int[problem.Limits.Length];
        var seen = new HashSet<int>();
        foreach (var block in problem.Blocks)
            for (var customer = 0; customer < block.Customers; customer++)
            {
                // There may be tens of thousands of limits: only hers are begun anew.
                foreach (var good in seen)
                    foreach (var limit in problem.Goods[good].Limits) hers[limit] = 0;
                seen.Clear();
                var slots = problem.Slots[block.Segments[customer]].Sum();
                foreach (ref readonly var option in block.Of(customer))
                    if (seen.Add(option.Good))
                        foreach (var limit in problem.Goods[option.Good].Limits)
                            if (hers[limit]++ < slots)
                                possible[limit]++;
            }

        CheckPromises(problem, possible);
    }
}
