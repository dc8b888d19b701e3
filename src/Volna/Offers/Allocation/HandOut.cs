namespace Volna.Offers.Allocation;

/// <summary>
/// From prices to an allocation that keeps every limit. Customers are served one after the other in the order of the problem; what isn't left any more is
/// closed to those who follow. In further turns each may exchange what she has, while what remained gets cheaper; none lowers the sum of values, and none
/// breaks a promise that was kept. What each customer would choose if all were left is found ahead, by all threads; only where that isn't all left is it
/// chosen anew in her turn, so the result is that of one after the other.
/// </summary>
sealed class HandOut(AllocationProblem problem, int threads)
{
    const int MostRounds = 40, CustomersAhead = 1 << 15, CustomersAtOnce = 256;

    // Of a limit; less isn't worth another turn.
    const double WorthATurn = 1e-4;

    // First at prices somewhat too high, so that whoever wants something most gets it before it is used up; then at the prices found.
    static readonly double[] s_dearer = [1.05, 1.015, 1];

    // Then where something is left of a limit, at lower and lower prices of it.
    static readonly double[] s_cheaper = [0.96, 0.85, 0.5, 0];

    readonly CustomerChoice _choice = new(problem);
    readonly Stock _stock = new(problem);
    readonly List<int> _before = [], _after = [];
    readonly Allocated.Choices _ahead = new(CustomersAhead, Allocated.Most(problem));

    /// <exception cref="GuardException">A promise can't be kept beside the limits.</exception>
    public Allocated Run(double[] prices, long boundMilli, CancellationToken stop)
    {
        double[] found = [.. prices];
        var allocation = new Allocated(problem) { BoundMilli = boundMilli };
        foreach (var share in s_dearer) Turn(allocation, [.. prices.Select(price => price > 0 ? price * share : price)], prices, stop);
        KeepPromises(allocation, prices, stop);
        foreach (var share in s_cheaper)
        {
            double[] cheaper = [.. prices.Select((price, limit) => price > 0 && _stock.Left(limit) > problem.Limits[limit].Most * WorthATurn ? price * share : price)];
            if (cheaper.SequenceEqual(prices)) break;
            Turn(allocation, cheaper, prices, stop);
        }

        allocation.Limits = [.. problem.Limits.Select((_, limit) => new LimitUse(_stock.Used(limit), found[limit]))];
        return allocation;
    }

    /// <summary>Pays more and more for what was promised, until it is reached.</summary>
    void KeepPromises(Allocated allocation, double[] prices, CancellationToken stop)
    {
        for (var round = 0; Broken() is { } broken; round++)
        {
            if (round == MostRounds) throw Allocate.Infeasible(problem, problem.Limits[broken], _stock.Used(broken));
            for (var limit = 0; limit < prices.Length; limit++)
                if (_stock.Used(limit) < problem.Limits[limit].Least)
                    prices[limit] = Math.Min(prices[limit], 0) * 1.3 - 1_000;
            Turn(allocation, prices, prices, stop);
        }

        int? Broken()
        {
            for (var limit = 0; limit < problem.Limits.Length; limit++)
                if (_stock.Used(limit) < problem.Limits[limit].Least)
                    return limit;
            return null;
        }
    }

    void Turn(Allocated allocation, double[] prices, double[] subsidies, CancellationToken stop)
    {
        var goods = new GoodPrices(problem, prices);
        var promised = new GoodPrices(problem, [.. subsidies.Select(price => Math.Min(price, 0))]);
        for (var block = 0; block < problem.Blocks.Count; block++)
        {
            var customers = problem.Blocks[block];
            for (var customer = 0; customer < customers.Customers; customer++)
            {
                if (customer % CustomersAhead == 0) LookAhead(customers, customer, goods, stop);
                var options = customers.Of(customer);
                var ahead = _ahead.Of(customer % CustomersAhead);
                if (ahead.SequenceEqual(allocation.Of(block, customer))) continue;
                _before.Clear();
                foreach (var place in allocation.Of(block, customer)) _before.Add(place);
                GiveBack(options, _before);
                if (!TakeAll(options, ahead))
                {
                    _choice.Choose(options, problem.Slots[customers.Segments[customer]], goods, _stock);
                    TakeSome(options, _choice.Chosen);
                }

                if (Worth(options, _after, promised) < Worth(options, _before, promised) || BreaksPromise(options))
                {
                    GiveBack(options, _after);
                    foreach (var place in _before) _stock.Take(options[place]);
                    continue;
                }

                foreach (var place in _after) allocation.ValueMilli += options[place].ValueMilli;
                foreach (var place in _before) allocation.ValueMilli -= options[place].ValueMilli;
                allocation.Set(block, customer, _after);
            }
        }
    }

    /// <summary>Finds what the next customers of a block would choose if everything were left.</summary>
    void LookAhead(CustomerBlock customers, int first, GoodPrices goods, CancellationToken stop)
    {
        var count = Math.Min(CustomersAhead, customers.Customers - first);
        Parallel.For(0, (count + CustomersAtOnce - 1) / CustomersAtOnce, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop }, () => new CustomerChoice(problem), (piece, _, choice) =>
        {
            for (var at = piece * CustomersAtOnce; at < Math.Min((piece + 1) * CustomersAtOnce, count); at++)
            {
                choice.Choose(customers.Of(first + at), problem.Slots[customers.Segments[first + at]], goods);
                _ahead.Set(at, choice.Chosen);
            }

            return choice;
        }, _ => { });
    }

    /// <summary>Takes all, or nothing where one isn't left.</summary>
    bool TakeAll(ReadOnlySpan<Option> options, ReadOnlySpan<ushort> places)
    {
        _after.Clear();
        foreach (var place in places)
        {
            if (!_stock.Allows(options[place]))
            {
                GiveBack(options, _after);
                return false;
            }

            _stock.Take(options[place]);
            _after.Add(place);
        }

        return true;
    }

    void TakeSome(ReadOnlySpan<Option> options, List<int> places)
    {
        _after.Clear();
        foreach (var place in places)
        {
            // Two of her own may compete for the last of a limit.
            if (!_stock.Allows(options[place])) continue;
            _stock.Take(options[place]);
            _after.Add(place);
        }
    }

    void GiveBack(ReadOnlySpan<Option> options, List<int> places)
    {
        foreach (var place in places) _stock.GiveBack(options[place]);
    }

    static double Worth(ReadOnlySpan<Option> options, List<int> places, GoodPrices promised)
    {
        double worth = 0;
        foreach (var place in places) worth += promised[options[place].Good].Counts(options[place]);
        return worth;
    }

    bool BreaksPromise(ReadOnlySpan<Option> options)
    {
        foreach (var place in _before)
            foreach (var limit in problem.Goods[options[place].Good].Limits)
                if (problem.Limits[limit].Least > 0 && _stock.Used(limit) < problem.Limits[limit].Least && !TakesAsMuch(options, limit))
                    return true;
        return false;
    }

    bool TakesAsMuch(ReadOnlySpan<Option> options, int limit) => Count(options, _after, limit) >= Count(options, _before, limit);

    int Count(ReadOnlySpan<Option> options, List<int> places, int limit)
    {
        var count = 0;
        foreach (var place in places)
            if (problem.Goods[options[place].Good].Limits.Contains(limit))
                count++;
        return count;
    }
}
