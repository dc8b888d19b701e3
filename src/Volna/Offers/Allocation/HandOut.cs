namespace Volna.Offers.Allocation;

/// <summary>
/// From prices to an allocation that keeps every limit. First each customer gets what she would choose, which uses limits a little too much or too little; then one
/// piece of the customers after the other chooses anew, at prices that steer what all use together to what there is. What is too much in the end is taken from
/// those who lose least. In further turns each who could use what is left of a limit may exchange what she has, while that gets cheaper; none of these lowers the
/// sum of values, and none breaks a promise that was kept. Choices are found ahead, by all threads; all else is done one after the other.
/// </summary>
sealed class HandOut(AllocationProblem problem, int threads)
{
    const int MostRounds = 40, CustomersAhead = 1 << 15, CustomersAtOnce = 256, LeastAhead = 128, Corrections = 48;

    // Of a limit; less isn't worth another turn.
    const double WorthATurn = 1e-4;

    // Of a limit, so that little must be taken back in the end; what remains is filled then.
    const double Aim = 1 - 1e-4;

    // So far at most prices are steered, and as if at least so large a share of the customers were to follow: the last can't make up for all.
    const double SteeredReach = 0.1, LeastToFollow = 0.15;

    // At the end where something is left of a limit, at lower and lower prices of it.
    static readonly double[] s_cheaper = [1, 0.96, 0.85, 0.5, 0];

    readonly CustomerChoice _choice = new(problem);
    readonly Stock _stock = new(problem);
    readonly List<int> _before = [], _after = [];
    readonly Allocated.Choices _ahead = new(CustomersAhead, Allocated.Most(problem));
    Option[] _room = [];

    /// <exception cref="GuardException">Code <c>promise-not-reached</c>: a promise isn't kept beside the limits.</exception>
    public Allocated Run(FoundPrices found, PriceRange? range, CancellationToken stop)
    {
        var allocation = new Allocated(problem) { BoundMilli = found.BoundMilli, Rounds = found.Rounds };
        Start(allocation, found.Prices, stop);
        var prices = Steer(allocation, found, range, stop);
        MakeRoom(allocation, prices, stop);
        KeepPromises(allocation, prices, stop);
        foreach (var share in s_cheaper)
        {
            var isLeft = problem.Limits.Select((limit, number) => prices[number] > 0 && _stock.Left(number) > limit.Most * WorthATurn).ToArray();
            if (!isLeft.Contains(true)) break;
            Turn(allocation, [.. prices.Select((price, limit) => isLeft[limit] ? price * share : price)], prices, isLeft, stop);
        }

        allocation.Limits = [.. problem.Limits.Select((_, limit) => new LimitUse(_stock.Used(limit), found.Prices[limit]))];
        return allocation;
    }

    /// <summary>Gives all customers what they would choose, whether it is left or not.</summary>
    void Start(Allocated allocation, double[] prices, CancellationToken stop)
    {
        var goods = new GoodPrices(problem, prices);
        foreach (var (block, first, count) in Pieces(CustomersAhead))
        {
            LookAhead(allocation, block, first, count, goods, null, stop);
            ExchangeAll(allocation, block, first, count);
        }
    }

    /// <summary>
    /// Gives one after the other what she would choose at prices that steer the use of each limit, those who follow and what they are expected to choose included,
    /// to just what there is.
    /// </summary>
    /// <returns>The prices that would be right for all.</returns>
    double[] Steer(Allocated allocation, FoundPrices found, PriceRange? range, CancellationToken stop)
    {
        double[] prices = [.. found.Prices], used = new double[prices.Length], reach = [.. prices.Select(price => SteeredReach * Math.Abs(price))];
        double[]? first = null;
        var pieces = Pieces(Math.Clamp((int)(problem.Customers / Corrections), LeastAhead, CustomersAhead)).ToList();
        var offers = pieces.Sum(piece => Offers(allocation, piece));
        var left = offers;
        foreach (var piece in pieces)
        {
            for (var limit = 0; limit < used.Length; limit++) used[limit] = _stock.Used(limit) + ((1 - Aim) * problem.Limits[limit].Most);
            found.Curvature.Follow(problem, range, found.Prices, used, 1, Math.Max((double)left / Math.Max(offers, 1), LeastToFollow) / found.Share, reach, Math.Max(found.MeanValue, 1), prices);
            first ??= [.. prices];
            left -= Offers(allocation, piece);
            LookAhead(allocation, piece.Block, piece.First, piece.Count, new GoodPrices(problem, prices), null, stop);
            ExchangeAll(allocation, piece.Block, piece.First, piece.Count);
        }

        return first ?? prices;
    }

    static long Offers(Allocated allocation, (int Block, int First, int Count) piece)
    {
        var offers = 0L;
        for (var at = 0; at < piece.Count; at++) offers += allocation.Of(piece.Block, piece.First + at).Length;
        return offers;
    }

    IEnumerable<(int Block, int First, int Count)> Pieces(int most)
    {
        for (var block = 0; block < problem.Blocks.Count; block++)
            for (var first = 0; first < problem.Blocks[block].Customers; first += most)
                yield return (block, first, Math.Min(most, problem.Blocks[block].Customers - first));
    }

    /// <summary>Gives customers what was found ahead in place of what they had.</summary>
    void ExchangeAll(Allocated allocation, int block, int first, int count)
    {
        var all = problem.Blocks[block].Of(first, count, ref _room);
        for (var at = 0; at < count; at++)
        {
            var customer = first + at;
            var places = _ahead.Of(at);
            if (places.SequenceEqual(allocation.Of(block, customer))) continue;
            var options = all.Of(customer);
            RememberBefore(allocation, block, customer);
            GiveBack(options, _before);
            _after.Clear();
            foreach (var place in places)
            {
                _stock.Take(options[place]);
                _after.Add(place);
            }

            Set(allocation, block, customer, options);
        }
    }

    void RememberBefore(Allocated allocation, int block, int customer)
    {
        _before.Clear();
        foreach (var place in allocation.Of(block, customer)) _before.Add(place);
    }

    void Set(Allocated allocation, int block, int customer, ReadOnlySpan<Option> options)
    {
        foreach (var place in _after) allocation.ValueMilli += options[place].ValueMilli;
        foreach (var place in _before) allocation.ValueMilli -= options[place].ValueMilli;
        allocation.Set(block, customer, _after);
    }

    /// <summary>Takes back what exceeds limits, from those who lose least by it.</summary>
    void MakeRoom(Allocated allocation, double[] prices, CancellationToken stop)
    {
        var goods = new GoodPrices(problem, prices);
        var losses = new List<(double Loss, int Block, int Customer)>();
        foreach (var (block, first, count) in Pieces(CustomersAtOnce))
        {
            stop.ThrowIfCancellationRequested();
            var all = problem.Blocks[block].Of(first, count, ref _room);
            for (var customer = first; customer < first + count; customer++)
                if (IsOver(block, customer, all.Of(customer))) losses.Add((Loss(allocation, block, customer, all.Of(customer), goods), block, customer));
        }

        losses.Sort();
        foreach (var (_, block, customer) in losses)
        {
            var options = problem.Blocks[block].Of(customer, ref _room);
            if (!IsOver(block, customer, options)) continue;
            stop.ThrowIfCancellationRequested();
            Loss(allocation, block, customer, options, goods);
            GiveBack(options, _before);
            TakeSome(options, _choice.Chosen);
            Set(allocation, block, customer, options);
        }

        bool IsOver(int block, int customer, ReadOnlySpan<Option> options)
        {
            foreach (var place in allocation.Of(block, customer))
                foreach (var limit in problem.Goods[options[place].Good].Limits)
                    if (_stock.Left(limit) < 0)
                        return true;
            return false;
        }
    }

    /// <summary>What a customer loses by what is left for her without what she has.</summary>
    double Loss(Allocated allocation, int block, int customer, ReadOnlySpan<Option> options, GoodPrices goods)
    {
        RememberBefore(allocation, block, customer);
        GiveBack(options, _before);
        var loss = Worth(options, _before, goods) - _choice.Choose(options, problem.Slots[problem.Blocks[block].Segments[customer]], goods, _stock);
        foreach (var place in _before) _stock.Take(options[place]);
        return loss;
    }

    /// <summary>Pays more and more for what was promised, until it is reached.</summary>
    void KeepPromises(Allocated allocation, double[] prices, CancellationToken stop)
    {
        var most = new long[prices.Length];
        for (var round = 0; Broken() is { } broken; round++)
        {
            for (var limit = 0; limit < prices.Length; limit++)
            {
                if (_stock.Used(limit) >= problem.Limits[limit].Least) continue;
                prices[limit] = Math.Min(prices[limit], 0) * 1.3 - 1_000;
                most[limit] = Math.Max(most[limit], _stock.Used(limit));
            }

            if (round == MostRounds) throw Allocate.Unreached(problem, problem.Limits[broken], most[broken]);
            Turn(allocation, prices, prices, null, stop);
        }

        int? Broken()
        {
            for (var limit = 0; limit < problem.Limits.Length; limit++)
                if (_stock.Used(limit) < problem.Limits[limit].Least)
                    return limit;
            return null;
        }
    }

    /// <summary>Lets each customer exchange what she has for what is left.</summary>
    /// <param name="isLeft">Only who could use one of these limits is looked at; null for all.</param>
    void Turn(Allocated allocation, double[] prices, double[] subsidies, bool[]? isLeft, CancellationToken stop)
    {
        var goods = new GoodPrices(problem, prices);
        var promised = new GoodPrices(problem, [.. subsidies.Select(price => Math.Min(price, 0))]);
        var looked = isLeft is null ? null : problem.Goods.Select(good => good.Limits.Any(limit => isLeft[limit])).ToArray();
        foreach (var (block, first, count) in Pieces(CustomersAhead))
        {
            LookAhead(allocation, block, first, count, goods, looked, stop);
            var customers = problem.Blocks[block];
            var all = customers.Of(first, count, ref _room);
            for (var customer = first; customer < first + count; customer++)
            {
                var options = all.Of(customer);
                var ahead = _ahead.Of(customer - first);
                if (ahead.SequenceEqual(allocation.Of(block, customer))) continue;
                RememberBefore(allocation, block, customer);
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

                Set(allocation, block, customer, options);
            }
        }
    }

    /// <summary>Finds what the next customers of a block would choose if everything were left.</summary>
    /// <param name="looked">Who has an option on none of these goods keeps what she has; null to look at all.</param>
    void LookAhead(Allocated allocation, int block, int first, int count, GoodPrices goods, bool[]? looked, CancellationToken stop)
    {
        var customers = problem.Blocks[block];
        Parallel.For(0, (count + CustomersAtOnce - 1) / CustomersAtOnce, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop }, () => (Choice: new CustomerChoice(problem), Room: Array.Empty<Option>()), (piece, _, own) =>
        {
            var from = piece * CustomersAtOnce;
            var to = Math.Min(from + CustomersAtOnce, count);
            var all = customers.Of(first + from, to - from, ref own.Room);
            for (var at = from; at < to; at++)
            {
                var options = all.Of(first + at);
                if (looked is not null && !Has(options, looked))
                {
                    _ahead.Set(at, allocation.Of(block, first + at));
                    continue;
                }

                own.Choice.Choose(options, problem.Slots[customers.Segments[first + at]], goods);
                _ahead.Set(at, own.Choice.Chosen);
            }

            return own;
        }, _ => { });
    }

    static bool Has(ReadOnlySpan<Option> options, bool[] goods)
    {
        foreach (ref readonly var option in options)
            if (goods[option.Good])
                return true;
        return false;
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
