namespace Volna.Offers.Allocation;

/// <summary>
/// Finds prices of the limits at which the customers' own best choices use them just up: the Lagrangian dual (Everett, "Generalized Lagrange multiplier
/// method for solving problems of optimum allocation of resources", 1963). The bound is convex in the prices and a limit's overuse is its slope, so each
/// price follows the sign of its own slope, by steps that grow while the sign stays and halve when it turns (Riedmiller and Braun, "RPROP", 1993): first
/// on a sample of customers, where a round is cheap, then on all. The same on any number of threads, because only whole numbers are added up.
/// </summary>
/// <param name="range">Between which prices to look; null for all there are.</param>
sealed class DualSearch(AllocationProblem problem, PriceRange? range, int threads)
{
    const int SampledCustomers = 50_000, RoundsOnSample = 80, RoundsFromRange = 60, RoundsOnAll = 12, CustomersAtOnce = 4_096;
    const double Grow = 1.3, Shrink = 0.5;

    // Below this, relative to the bound, another round isn't worth its time.
    const double EnoughGain = 2e-6;

    readonly double[] _steps = new double[problem.Limits.Length];
    readonly int[] _signs = new int[problem.Limits.Length];

    /// <returns>Prices, and the bound at them: no allocation is worth more, in thousandths of a minor unit.</returns>
    public (double[] Prices, long BoundMilli) Run(IProgress<StepProgress>? progress, CancellationToken stop)
    {
        double[] prices = [.. problem.Limits.Select((_, limit) => range?.Middle(limit) ?? 0)];
        var stride = (int)Math.Max(1, problem.Customers / SampledCustomers);
        var onSample = range is null ? RoundsOnSample : RoundsFromRange;
        Restart(prices, range is null ? 0.1 : 0.03);
        var (best, bound) = (prices, long.MaxValue);
        if (stride > 1)
        {
            for (var round = 0; round < onSample; round++)
            {
                Report(round, onSample + RoundsOnAll);
                Follow(prices, Evaluate(prices, stride, round % stride, stop).Used, stride);
            }

            Restart(prices, 0.01);
        }

        var most = stride > 1 ? RoundsOnAll : onSample;
        for (int round = 0, idle = 0; round < most && idle < 4; round++)
        {
            Report(stride > 1 ? onSample + round : round, stride > 1 ? onSample + RoundsOnAll : onSample);
            var (found, used) = Evaluate(prices, 1, 0, stop);
            idle = bound == long.MaxValue || found < bound * (1 - EnoughGain) ? 0 : idle + 1;
            if (found < bound) (best, bound) = ([.. prices], found);
            if (prices.All(price => price == 0) && problem.Limits.Zip(used).All(pair => pair.Second <= pair.First.Most && pair.Second >= pair.First.Least)) break;
            Follow(prices, used, 1);
        }

        return (best, bound);

        void Report(int round, int of) => progress?.Report(new StepProgress(new Text("Prices of limits", "Цены ограничений"), round, of, new Text("rounds", "шагов")));
    }

    /// <summary>The bound at prices and what the customers' best choices use, for each <paramref name="stride"/>th customer.</summary>
    public (long BoundMilli, long[] Used) Evaluate(double[] prices, int stride, int offset, CancellationToken stop)
    {
        var goods = new GoodPrices(problem, prices);
        var chunks = from block in problem.Blocks
                     from first in Enumerable.Range(0, (block.Customers + CustomersAtOnce - 1) / CustomersAtOnce)
                     select (Block: block, First: first * CustomersAtOnce);
        var gate = new Lock();
        var sum = 0L;
        var usedByAll = new long[prices.Length];
        Parallel.ForEach(
            chunks.ToArray(), new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop },
            () => (Choice: new CustomerChoice(problem), Sum: 0L, Used: new long[prices.Length]),
            (chunk, _, local) =>
            {
                var (block, last) = (chunk.Block, Math.Min(chunk.First + CustomersAtOnce, chunk.Block.Customers));
                for (var customer = chunk.First + offset; customer < last; customer += stride)
                {
                    var options = block.Of(customer);
                    // Rounded up, so that the bound stays one.
                    local.Sum += (long)Math.Ceiling(local.Choice.Choose(options, problem.Slots[block.Segments[customer]], goods));
                    foreach (var place in local.Choice.Chosen)
                        foreach (var limit in problem.Goods[options[place].Good].Limits)
                            local.Used[limit] += problem.Use(limit, options[place]);
                }

                return local;
            },
            local =>
            {
                lock (gate)
                {
                    sum += local.Sum;
                    for (var limit = 0; limit < usedByAll.Length; limit++) usedByAll[limit] += local.Used[limit];
                }
            });

        for (var limit = 0; limit < prices.Length; limit++)
            sum += (long)Math.Ceiling(prices[limit] * (prices[limit] > 0 ? problem.Limits[limit].Most : problem.Limits[limit].Least) / stride);
        return (sum, usedByAll);
    }

    void Restart(double[] prices, double share)
    {
        for (var limit = 0; limit < prices.Length; limit++)
        {
            // Where no price is known yet: a rouble of value for a rouble of money, ten roubles for an offer.
            var typical = problem.Limits[limit].Counts == LimitUnit.Money ? 1 : 1_000_000;
            (_steps[limit], _signs[limit]) = (share * Math.Max(Math.Abs(prices[limit]), 0.01 * typical), 0);
        }
    }

    /// <summary>Moves each price up where its limit is overused, down where not: to zero while more is left, below where a promise isn't kept.</summary>
    void Follow(double[] prices, long[] used, int stride)
    {
        for (var limit = 0; limit < prices.Length; limit++)
        {
            var (price, overuse) = (prices[limit], used[limit] - ((double)problem.Limits[limit].Most / stride));
            var lack = ((double)problem.Limits[limit].Least / stride) - used[limit];
            var sign = price < 0 || (price == 0 && lack > 0) ? -Math.Sign(lack) : Math.Sign(overuse);
            // More than enough is left, so that it costs nothing.
            if (price == 0 && sign < 0 && lack <= 0) sign = 0;
            if (sign * _signs[limit] < 0) _steps[limit] *= Shrink;
            else if (sign * _signs[limit] > 0) _steps[limit] *= Grow;
            _signs[limit] = sign;
            var next = price + (sign * _steps[limit]);
            if (next * price < 0) next = 0;
            prices[limit] = range?.Within(limit, next) ?? next;
        }
    }
}
