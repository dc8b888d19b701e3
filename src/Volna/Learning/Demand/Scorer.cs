using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Learning.Trees;

namespace Volna.Learning.Demand;

/// <summary>Scores one customer after the other for one thread; its memory is used again and again.</summary>
sealed class Scorer(Market market, int windowDays, int discoveries)
{
    /// <summary>What she bought this many windows ago leads to its neighbours half as strongly.</summary>
    const float SourceHalfLifeWindows = 6;

    /// <summary>And where only late purchases shall lead.</summary>
    const float LateHalfLifeWindows = 0.5f;

    /// <summary>One in so many of the products unknown to her is chosen for its popularity alone.</summary>
    const int PopularPart = 3;

    /// <summary>And one in so many is one of those launched lately.</summary>
    const int NewPart = 6;

    /// <summary>A price fits that is at most half as much again as usual, or as much less: the log of 1.5.</summary>
    const float PriceFitsLog = 0.405f;

    /// <summary>Weather and events are worth telling where they let expect a tenth more.</summary>
    const float LiftToTell = 0.1f;

    const float LeastWeight = 1e-9f;

    readonly Shopper _shopper = new();

    // All products near hers are added up in small, dense memory; more than the sum is looked at only for the few that are scored.
    readonly float[] _sums = new float[market.Products.Length];
    readonly int[] _touched = new int[market.Products.Length + 1];
    readonly float[] _appeals = new float[market.Products.Length];
    readonly int[] _nearest = new int[discoveries];
    Weight[] _weights = [];

    // By product: 1 more than its place in the list of those that are scored, or 0.
    readonly int[] _places = new int[market.Products.Length];
    Nearby[] _nearby = [];
    readonly List<int> _chosen = [];
    readonly TreeMemory _trees = new();
    float[] _rows = [], _scores = [];
    ulong[] _order = [];
    ShopperFacts _facts;
    int _store, _city;
    float _perWeight, _perLateWeight;

    /// <summary>How strongly one of her products leads to its neighbours.</summary>
    readonly record struct Weight(float Usual, float Late);

    /// <summary>How near a product that is scored is to what she bought: those she knows first, then the chosen ones.</summary>
    struct Nearby
    {
        public float Sum, Most, Lately;

        /// <summary>The product that contributes most.</summary>
        public int Source;

        /// <summary>How many of her products lead there.</summary>
        public ushort Sources;

        /// <summary>Where it is popular, if it was chosen for that alone.</summary>
        public CandidateReason Popularity;
    }

    /// <summary>Fills the candidates: likeliest first, equal ones by product number.</summary>
    public void Score(CustomerHistory history, int day, int homeStore, DemandWeights weights, List<Candidate> candidates)
    {
        candidates.Clear();
        Read(history, day, homeStore);
        if (_shopper.Visits == 0)
        {
            ScoreUnknown(candidates);
            return;
        }

        var uses = _shopper.Uses;
        HabitRows(day);
        var chances = Chances(weights.Habit, uses.Length, habits: true);
        for (var i = 0; i < uses.Length; i++)
        {
            var (reason, because) = HabitReason(uses[i], day);
            candidates.Add(new Candidate(uses[i].Product, CandidateKind.Habit, chances[i], reason, because));
        }

        DiscoveryRows();
        chances = Chances(weights.Discovery, _chosen.Count, habits: false);
        for (var i = 0; i < _chosen.Count; i++)
        {
            var (reason, because) = DiscoveryReason(_chosen[i], uses.Length + i);
            candidates.Add(new Candidate(_chosen[i], CandidateKind.Discovery, chances[i], reason, because));
        }

        Sort(candidates);
    }

    /// <summary>Of a customer of whom no purchase is known: what is most popular where she shops, or of all where that isn't known.</summary>
    void ScoreUnknown(List<Candidate> candidates)
    {
        var local = Local(out var where);
        foreach (ref readonly var one in local)
        {
            var reason = one.Buyers > 0 ? where : CandidateReason.Popular;
            Choose(one.Product, reason);
            candidates.Add(new Candidate(one.Product, CandidateKind.Discovery, Lifted(one.Chance, one.Product), reason, 0));
        }

        if (local.IsEmpty)
        {
            foreach (var product in market.Popular.AsSpan(0, Math.Min(discoveries, market.Popular.Length)))
            {
                Choose(product, CandidateReason.Popular);
                candidates.Add(new Candidate(product, CandidateKind.Discovery, Lifted(MathF.Exp(market.Facts(product).LatelyPopularity) * market.ActiveShare, product), CandidateReason.Popular, 0));
            }
        }

        Sort(candidates);
    }

    /// <summary>A chance moved on by as many log odds as weather and events change.</summary>
    float Lifted(float chance, int product) => market.Outlook.Lift(_city, product) is not 0 and var lift ? 1 / (1 + (((1 / chance) - 1) * MathF.Exp(-lift))) : chance;

    /// <summary>Likeliest first, equal ones by product. The bits of a positive number are ordered as it is, and whole numbers are sorted several times faster.</summary>
    void Sort(List<Candidate> candidates)
    {
        if (_order.Length < candidates.Count) _order = new ulong[2 * candidates.Count];
        var order = _order.AsSpan(0, candidates.Count);
        for (var i = 0; i < order.Length; i++) order[i] = ((ulong)~BitConverter.SingleToUInt32Bits(candidates[i].Chance) << 32) | (uint)candidates[i].Product;
        order.Sort(CollectionsMarshal.AsSpan(candidates));
    }

    /// <summary>See <see cref="DemandModel.Explain"/>.</summary>
    public ImmutableArray<Explanation> Explain(CustomerHistory history, int day, int homeStore, DemandWeights weights, int product)
    {
        const int Most = 3;
        Read(history, day, homeStore);
        if (_shopper.Visits == 0)
        {
            ScoreUnknown([]);
            return _chosen.IndexOf(product) is var at and >= 0 ? [new(_nearby[at].Popularity, 0)] : [];
        }

        var isHabit = _shopper.Knows(product);
        var uses = _shopper.Uses;
        var place = _chosen.IndexOf(product);
        ProductUse use = default;
        for (var i = 0; i < uses.Length; i++)
            if (uses[i].Product == product) (place, use) = (i, uses[i]);
        if (place < 0) return [];
        var near = _nearby[isHabit ? place : uses.Length + place];
        if (isHabit) HabitRows(day);
        else DiscoveryRows();
        var kind = isHabit ? weights.Habit : weights.Discovery;
        var reasons = isHabit ? DemandFeatures.HabitReasons : DemandFeatures.DiscoveryReasons;
        var row = _rows.AsSpan(place * kind.Columns, kind.Columns);
        var rows = new float[(reasons.Length + 1) * kind.Columns];
        for (var i = 0; i <= reasons.Length; i++)
        {
            var own = rows.AsSpan(i * kind.Columns, kind.Columns);
            row.CopyTo(own);
            if (i < reasons.Length)
                foreach (var column in reasons[i].Columns) own[column] = kind.Usual[column];
        }

        var scores = new float[reasons.Length + 1];
        kind.Score(rows, scores, _trees);
        var first = isHabit ? HabitReason(use, day) : DiscoveryReason(product, uses.Length + place);
        var found = reasons.Select((reason, i) => (reason.Reason, Owes: scores[^1] - scores[i])).Append((Reason: CandidateReason.TimeIsRight, Owes: market.Outlook.Lift(_city, product))).Where(one => one.Owes > 0.05f && IsTrue(one.Reason))
            .OrderByDescending(one => one.Owes).ThenBy(one => one.Reason).Take(Most).Select(one => new Explanation(one.Reason, BecauseOf(one.Reason))).ToList();
        // What a person would say first, and the offer says, is always among them: where everybody buys milk every week, the chance owes more to the milk than to her.
        // A fallback is named first.
        if (found.All(one => one.Reason != first.Reason))
            found.Insert(isHabit || first.Reason == CandidateReason.GoesWith ? Math.Min(found.Count, Most - 1) : 0, new Explanation(first.Reason, first.Because));
        return [.. found.Take(Most)];

        bool IsTrue(CandidateReason reason) => reason switch
        {
            CandidateReason.BoughtOften => use.Times >= 3,
            CandidateReason.CycleDue => first.Reason == CandidateReason.CycleDue,
            CandidateReason.BoughtLately => day - use.LastDay <= 2 * windowDays,
            CandidateReason.GoesWith => first.Reason is not (CandidateReason.New or CandidateReason.NotBoughtYet) && near.Sum > 0 && near.Source != product,
            CandidateReason.Popular => isHabit || first.Reason is CandidateReason.GoesWith,
            CandidateReason.TimeIsRight => market.Outlook.Lift(_city, product) > LiftToTell,
            CandidateReason.PriceFits => MathF.Abs(market.Facts(product).Price - _facts.Price) < PriceFitsLog,
            _ => true,
        };

        int BecauseOf(CandidateReason reason) => reason switch
        {
            CandidateReason.GoesWith => near.Source,
            CandidateReason.CycleDue => first.Because,
            _ => 0,
        };
    }

    /// <summary>Adds the customer's candidates as training rows, labelled by what she bought in a later window.</summary>
    public void Collect(CustomerHistory history, IReadOnlySet<int> boughtLater, TrainingRows rows)
    {
        Read(history, market.Day, 0);
        if (_shopper.Visits == 0) return;
        HabitRows(market.Day);
        rows.Habit.AddRange(_rows.AsSpan(0, _shopper.Uses.Length * DemandFeatures.HabitColumns));
        foreach (ref readonly var use in _shopper.Uses)
        {
            rows.HabitLabels.Add(boughtLater.Contains(use.Product));
            rows.HabitLifts.Add(market.Outlook.Lift(_city, use.Product));
        }

        DiscoveryRows();
        rows.Discovery.AddRange(_rows.AsSpan(0, _chosen.Count * DemandFeatures.DiscoveryColumns));
        foreach (var product in _chosen)
        {
            rows.DiscoveryLabels.Add(boughtLater.Contains(product));
            rows.DiscoveryLifts.Add(market.Outlook.Lift(_city, product));
        }
    }

    /// <summary>Sums up what she bought before the day and chooses the products, unknown to her, that will be scored.</summary>
    void Read(CustomerHistory history, int day, int homeStore)
    {
        foreach (ref readonly var use in _shopper.Uses)
            if (use.Product < _places.Length) _places[use.Product] = 0;
        foreach (var product in _chosen) _places[product] = 0;
        _nearby.AsSpan(0, _shopper.Uses.Length + _chosen.Count).Clear();
        _chosen.Clear();
        _shopper.Read(history, day, windowDays);
        _store = history.Before(Days.Date(day)) is [.., { Store: not 0 and var last }] ? last : homeStore;
        _city = _store < market.Local.Cities.Length ? market.Local.Cities[_store] : 0;
        if (_shopper.Visits == 0) return;
        _facts = ShopperFacts.Of(_shopper, market, day, windowDays);
        Weigh(day);
        ChooseNearest();
        AddPopular();
        LookCloser();
    }

    /// <summary>How strongly each of her products leads to its neighbours; gives her products the first places.</summary>
    void Weigh(int day)
    {
        var uses = _shopper.Uses;
        if (_weights.Length < uses.Length) _weights = new Weight[2 * uses.Length];
        if (_nearby.Length < uses.Length) _nearby = new Nearby[2 * (uses.Length + discoveries)];
        float usual = 0, late = 0;
        for (var i = 0; i < uses.Length; i++)
        {
            // Never zero, however long ago: what she bought last still leads somewhere, and nothing is divided by zero.
            var age = day - uses[i].LastDay;
            _weights[i] = new Weight(
                MathF.Max(LeastWeight, MathF.Exp(-0.6931472f * age / (SourceHalfLifeWindows * windowDays))) * (1 + MathF.Log(uses[i].Times)),
                MathF.Max(LeastWeight, MathF.Exp(-0.6931472f * age / (LateHalfLifeWindows * windowDays))));
            usual += _weights[i].Usual;
            late += _weights[i].Late;
            if (uses[i].Product < _places.Length) _places[uses[i].Product] = i + 1;
        }

        (_perWeight, _perLateWeight) = (1 / usual, 1 / late);
    }

    /// <summary>Adds up how near all products are to hers, and chooses the nearest ones that she doesn't know and anybody still buys.</summary>
    void ChooseNearest()
    {
        var uses = _shopper.Uses;
        var (sums, touched, count) = (_sums, _touched, 0);
        for (var i = 0; i < uses.Length; i++)
        {
            var weight = _weights[i].Usual;
            foreach (ref readonly var neighbour in market.Neighbours.Of(uses[i].Product))
            {
                ref var sum = ref sums[neighbour.Product];
                // Written always and counted if it is the first time: a jump would be guessed wrong half of the times.
                touched[count] = neighbour.Product;
                count += sum == 0 ? 1 : 0;
                sum += weight * neighbour.Nearness;
            }
        }

        // Without appeal: what she knows, and what nobody buys any more.
        foreach (ref readonly var use in uses)
            if (use.Product < sums.Length) sums[use.Product] = 0;
        for (var at = 0; at < count; at++)
        {
            ref var sum = ref sums[touched[at]];
            _appeals[at] = sum * market.Appeals[touched[at]];
            sum = 0;
        }

        foreach (var at in _nearest.AsSpan(0, TopK.Unordered(_appeals.AsSpan(0, count), _nearest))) Choose(touched[at], CandidateReason.Popular);
    }

    /// <summary>Goes through the neighbours once more, for those that will be scored.</summary>
    void LookCloser()
    {
        var uses = _shopper.Uses;
        var (nearby, places) = (_nearby, _places);
        for (var i = 0; i < uses.Length; i++)
        {
            var (usual, late) = _weights[i];
            foreach (ref readonly var neighbour in market.Neighbours.Of(uses[i].Product))
            {
                var place = places[neighbour.Product];
                if (place == 0) continue;
                ref var near = ref nearby[place - 1];
                var part = usual * neighbour.Nearness;
                near.Sum += part;
                near.Lately += late * neighbour.Nearness;
                near.Sources++;
                if (part <= near.Most) continue;
                near.Most = part;
                near.Source = uses[i].Product;
            }
        }
    }

    /// <summary>Adds the most popular of the products she doesn't know, a share of all at least, and more where she has few neighbours.</summary>
    void AddPopular()
    {
        var left = Math.Max(discoveries - _chosen.Count, discoveries / PopularPart);
        // What was just launched would hardly ever be near enough, nor popular.
        var launches = Math.Min(left, discoveries / NewPart);
        foreach (var product in market.New)
        {
            if (launches == 0) break;
            if (_places[product] != 0) continue;
            Choose(product, CandidateReason.New);
            launches--;
            left--;
        }

        foreach (ref readonly var one in Local(out var where))
        {
            if (left == 0) return;
            if (_places[one.Product] != 0) continue;
            Choose(one.Product, one.Buyers > 0 ? where : CandidateReason.Popular);
            left--;
        }

        foreach (var product in market.Popular)
        {
            if (left == 0) return;
            if (_places[product] != 0) continue;
            Choose(product, CandidateReason.Popular);
            left--;
        }
    }

    /// <summary>What is most popular in her store, else in her city; empty where neither is known, and for who came more than once: her own purchases tell more then.</summary>
    ReadOnlySpan<LocalProduct> Local(out CandidateReason reason)
    {
        reason = CandidateReason.Popular;
        if (_shopper.Visits > 1) return [];
        var products = market.Local.OfStore(_store);
        reason = products.IsEmpty ? CandidateReason.PopularInCity : CandidateReason.PopularInStore;
        return products.IsEmpty ? market.Local.OfCity(_store) : products;
    }

    void Choose(int product, CandidateReason popularity)
    {
        var place = _shopper.Uses.Length + _chosen.Count;
        if (_nearby.Length <= place) Array.Resize(ref _nearby, 2 * (place + 1));
        _nearby[place].Popularity = popularity;
        _chosen.Add(product);
        _places[product] = place + 1;
    }

    /// <summary>A row for each product she bought.</summary>
    void HabitRows(int day)
    {
        var uses = _shopper.Uses;
        if (_rows.Length < uses.Length * DemandFeatures.HabitColumns) _rows = new float[2 * uses.Length * DemandFeatures.HabitColumns];
        for (var i = 0; i < uses.Length; i++)
        {
            var x = _rows.AsSpan(i * DemandFeatures.HabitColumns, DemandFeatures.HabitColumns);
            DemandFeatures.Habit(_facts, uses[i], market.Facts(uses[i].Product), day, windowDays, Nearness(i), x);
        }
    }

    /// <summary>A row for each of the products that were chosen among those unknown to her.</summary>
    void DiscoveryRows()
    {
        if (_rows.Length < _chosen.Count * DemandFeatures.DiscoveryColumns) _rows = new float[2 * _chosen.Count * DemandFeatures.DiscoveryColumns];
        for (var i = 0; i < _chosen.Count; i++)
        {
            var x = _rows.AsSpan(i * DemandFeatures.DiscoveryColumns, DemandFeatures.DiscoveryColumns);
            DemandFeatures.Discovery(_facts, market.Facts(_chosen[i]), Nearness(_shopper.Uses.Length + i), x);
        }
    }

    DemandFeatures.Nearness Nearness(int place)
    {
        ref readonly var near = ref _nearby[place];
        return new DemandFeatures.Nearness(near.Sum * _perWeight, near.Most * _perWeight, near.Lately * _perLateWeight, near.Sources);
    }

    /// <summary>The chances of the rows just made, those of what she bought or of what was chosen.</summary>
    Span<float> Chances(KindWeights weights, int count, bool habits)
    {
        if (_scores.Length < count) _scores = new float[2 * count];
        var scores = _scores.AsSpan(0, count);
        weights.Score(_rows.AsSpan(0, count * weights.Columns), scores, _trees);
        if (!market.Outlook.IsEmpty)
            for (var i = 0; i < count; i++) scores[i] += market.Outlook.Lift(_city, habits ? _shopper.Uses[i].Product : _chosen[i]);
        foreach (ref var score in scores) score = 1 / (1 + MathF.Exp(-score));
        return scores;
    }

    /// <summary>What leads from her products to one she doesn't know; that it is new, where what is known of it is borrowed.</summary>
    (CandidateReason Reason, int Because) DiscoveryReason(int product, int place)
    {
        ref readonly var near = ref _nearby[place];
        if (market.Facts(product).New > 0) return (market.Facts(product).IsAnnounced ? CandidateReason.NotBoughtYet : CandidateReason.New, near.Source);
        return near.Sum > 0 ? (CandidateReason.GoesWith, near.Source) : (near.Popularity, 0);
    }

    /// <summary>What a person would say first: it's time again, often, lately; of something bought long ago, that she bought it before.</summary>
    (CandidateReason Reason, int Because) HabitReason(in ProductUse use, int day)
    {
        var age = day - use.LastDay;
        var ownGap = use.Times >= 3 ? (int)Math.Round((use.LastDay - use.FirstDay) / (use.Times - 1.0)) : 0;
        if (ownGap >= windowDays / 4.0 && age >= 0.75 * ownGap && age <= 1.5 * ownGap) return (CandidateReason.CycleDue, ownGap);
        if (use.Times >= 3 && age <= 3 * Math.Max(ownGap, windowDays)) return (CandidateReason.BoughtOften, 0);
        if (age <= 2 * windowDays) return (CandidateReason.BoughtLately, 0);
        return (CandidateReason.BoughtBefore, 0);
    }
}
