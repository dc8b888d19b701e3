using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Volna.Offers.Allocation;

/// <summary>
/// Finds prices of the limits at which the customers' own best choices use them just up: the Lagrangian dual (Everett, "Generalized Lagrange multiplier
/// method for solving problems of optimum allocation of resources", 1963). The bound is convex in the prices, a limit's overuse is its slope, and how near
/// customers are to other choices tells its <see cref="Curvature"/>; so prices go by damped steps of Newton's, first for a sample of customers, then, with the
/// sample's curvature, for all. The same on any number of threads: whole numbers are added up, and others in a fixed order.
/// </summary>
/// <param name="range">Between which prices to look; null for all there are.</param>
sealed class DualSearch(AllocationProblem problem, PriceRange? range, int threads)
{
    const int SampledCustomers = 50_000, RoundsOnSample = 40, RoundsOnAll = 10, CustomersAtOnce = 512, Pieces = 16;

    // What an option may count less than the one chosen, as a share of the mean value of an offer, to tell of the curvature.
    const double Band = 0.06;

    // How far prices go in the first step, as a share of them; then further while they go one way, and half as far when they turn (Riedmiller and Braun, "RPROP", 1993):
    // far from the goal curvature misleads, where many would swap at once. Near it turns mislead, for limits pull at each other; there all prices go further or less far
    // as the bound falls as much as was reckoned or not, always from the best ones (a trust region: Conn, Gould and Toint, 2000).
    const double FirstReach = 0.1, Grow = 2, Shrink = 0.5;

    // A bound that falls by less of it is near its least one.
    const double Near = 3e-4;

    // Less, as a share of the bound, isn't worth another round.
    const double EnoughOnSample = 5e-7, EnoughOnAll = 1e-5;

    // Megabytes each, and a round lasts but milliseconds where customers are few.
    readonly Curvature[] _curvatures = new Curvature[Pieces];
    int _rounds;

    public FoundPrices Run(IProgress<StepProgress>? progress, CancellationToken stop)
    {
        double[] prices = [.. problem.Limits.Select((one, limit) => one.AllowedPrice(range?.Start(limit) ?? Expected(one, limit)))];
        var stride = (int)Math.Max(1, problem.Customers / SampledCustomers);
        var onSample = Approach(prices, stride, null, progress, stop);
        return (stride == 1 ? onSample : Approach(onSample.Prices, 1, onSample, progress, stop)) with { Rounds = _rounds };
    }

    // What was limited the week before may only be promised now: at any price so much of it would leave 64 bits.
    double Expected(Limit limit, int number) => problem.Expected.IsEmpty || problem.Expected[number] * limit.Most > long.MaxValue / 4 ? 0 : problem.Expected[number];

    /// <summary>Goes on until another round is expected to gain too little.</summary>
    /// <param name="stride">Of so many customers one is looked at.</param>
    /// <param name="sample">Whose curvature holds for all; null to find it.</param>
    FoundPrices Approach(double[] prices, int stride, FoundPrices? sample, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        FoundPrices? best = null;
        var (share, rounds, isNear) = (1.0 / stride, sample is null ? RoundsOnSample : RoundsOnAll, sample is not null);
        var (radius, gain) = (FirstReach, 0.0);
        double[] reach = [.. prices.Select(Reach)], moves = new double[prices.Length];
        var signs = new int[prices.Length];
        for (var round = 0; round < rounds; round++, _rounds++)
        {
            progress?.Report(new StepProgress(new Text("Prices of limits", "Цены ограничений"), round, rounds, new Text("rounds", "шагов")));
            var found = Evaluate(prices, stride, 0, stop, sample, best?.MeanValue ?? sample?.MeanValue ?? 0);
            double fall = best is null ? found.BoundMilli : best.BoundMilli - found.BoundMilli;
            if (best is null || fall > 0) best = found;
            if (!isNear)
            {
                AdaptReach(reach, moves, signs, found.Used, share);
                isNear = fall < Near * found.BoundMilli;
            }
            else if (round > 0)
            {
                radius *= fall < 0.25 * gain ? Shrink : fall > 0.6 * gain ? Grow : 1;
            }

            var from = isNear ? best! : found;
            if (isNear) reach = [.. from.Prices.Select(Reach)];
            double[] next = [.. from.Prices], used = [.. from.Used];
            from.Curvature.Follow(problem, range, from.Prices, used, share, share / from.Share, reach, Math.Max(from.MeanValue, 1), next);
            // Half of what the slope promises, because it falls to nothing along the way.
            gain = 0;
            for (var limit = 0; limit < next.Length; limit++)
            {
                moves[limit] = next[limit] - from.Prices[limit];
                gain += moves[limit] * (used[limit] - (share * (next[limit] + from.Prices[limit] < 0 ? problem.Limits[limit].Least : problem.Limits[limit].Most))) / 2;
            }

            prices = next;
            if (gain < (sample is null ? EnoughOnSample : EnoughOnAll) * found.BoundMilli) break;
        }

        return best!;

        double Reach(double price, int limit) => radius * Math.Max(Math.Abs(price), 0.05 * Typical(limit));
    }

    // Where no price is known yet: a rouble of value for a rouble of money, ten roubles for an offer.
    double Typical(int limit) => problem.Limits[limit].Counts == LimitUnit.Money ? 1 : 1_000_000;

    void AdaptReach(double[] reach, double[] moves, int[] signs, long[] used, double share)
    {
        for (var limit = 0; limit < reach.Length; limit++)
        {
            var sign = Math.Sign(used[limit] - (share * problem.Limits[limit].Most));
            if (sign * signs[limit] < 0) reach[limit] = Math.Abs(moves[limit]) * Shrink;
            else if (sign * signs[limit] > 0 && Math.Abs(moves[limit]) >= 0.99 * reach[limit]) reach[limit] *= Grow;
            signs[limit] = sign;
        }
    }

    /// <summary>The bound at prices and what the customers' best choices use, for each <paramref name="stride"/>th customer.</summary>
    /// <param name="sample">Whose curvature is used; null to find it.</param>
    /// <param name="meanValue">Of an offer, about; 0 where it isn't known.</param>
    public FoundPrices Evaluate(double[] prices, int stride, int offset, CancellationToken stop, FoundPrices? sample = null, double meanValue = 0)
    {
        var band = meanValue == 0 ? 20_000 : Band * meanValue;
        var goods = new GoodPrices(problem, prices);
        var chunks = (from block in problem.Blocks
                      from first in Enumerable.Range(0, (block.Customers + CustomersAtOnce - 1) / CustomersAtOnce)
                      select (Block: block, First: first * CustomersAtOnce)).ToArray();
        var pieces = new (long Sum, long Value, long Offers, long[] Used, Curvature Curvature)[Pieces];
        Parallel.For(0, Pieces, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop }, piece =>
        {
            var (choice, changes) = (new CustomerChoice(problem), new List<(int, double)>());
            var (sum, value, offers, used, own) = (0L, 0L, 0L, new long[prices.Length], CurvatureOf(piece, sample is null ? problem.Limits : []));
            Option[] room = [];
            for (var chunk = piece; chunk < chunks.Length; chunk += Pieces)
            {
                stop.ThrowIfCancellationRequested();
                var (block, first) = chunks[chunk];
                var last = Math.Min(first + CustomersAtOnce, block.Customers);
                var all = stride == 1 ? block.Of(first, last - first, ref room) : default;
                for (var customer = ((first + stride - 1 - offset) / stride * stride) + offset; customer < last; customer += stride)
                {
                    var options = stride == 1 ? all.Of(customer) : block.Of(customer, ref room);
                    var slots = problem.Slots[block.Segments[customer]];
                    // Rounded up, so that the bound stays one.
                    sum += (long)Math.Ceiling(choice.Choose(options, slots, goods));
                    foreach (var place in choice.Chosen)
                    {
                        value += options[place].ValueMilli;
                        offers++;
                        foreach (var limit in problem.Goods[options[place].Good].Limits) used[limit] += problem.Use(limit, options[place]);
                    }

                    if (sample is not null) continue;
                    foreach (var swap in choice.FindSwaps(options, slots, goods))
                    {
                        if (swap.Loses >= band) continue;
                        changes.Clear();
                        if (swap.Out >= 0) Change(options[swap.Out], -1, changes);
                        if (swap.In >= 0) Change(options[swap.In], 1, changes);
                        // Only losses are seen, so what lies on the other side is as dense.
                        own.Add(CollectionsMarshal.AsSpan(changes), 2 * (1 - (swap.Loses / band)) / band);
                    }
                }
            }

            pieces[piece] = (sum, value, offers, used, own);
        });

        var (boundMilli, value, offers, usedByAll, curvature) = (0L, 0L, 0L, new long[prices.Length], sample?.Curvature ?? new Curvature(problem.Limits));
        foreach (var piece in pieces)
        {
            (boundMilli, value, offers) = (boundMilli + piece.Sum, value + piece.Value, offers + piece.Offers);
            for (var limit = 0; limit < prices.Length; limit++) usedByAll[limit] += piece.Used[limit];
            if (sample is null) curvature.Add(piece.Curvature);
        }

        for (var limit = 0; limit < prices.Length; limit++)
            boundMilli += (long)Math.Ceiling(prices[limit] * (prices[limit] > 0 ? problem.Limits[limit].Most : problem.Limits[limit].Least) / stride);
        return new FoundPrices([.. prices], boundMilli, usedByAll, curvature, sample?.Share ?? 1.0 / stride, (double)value / Math.Max(offers, 1));
    }

    Curvature CurvatureOf(int piece, ImmutableArray<Limit> limits)
    {
        if (limits.IsEmpty) return new Curvature([]);
        if (_curvatures[piece] is { } used) used.Clear();
        else _curvatures[piece] = new Curvature(limits);
        return _curvatures[piece];
    }

    void Change(in Option option, int times, List<(int Limit, double More)> changes)
    {
        foreach (var limit in problem.Goods[option.Good].Limits)
        {
            var more = times * (double)problem.Use(limit, option);
            var at = changes.FindIndex(change => change.Limit == limit);
            if (at < 0) changes.Add((limit, more));
            else changes[at] = (limit, changes[at].More + more);
        }
    }
}
