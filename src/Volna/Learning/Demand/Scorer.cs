using Volna.Intake.History;

namespace Volna.Learning.Demand;

/// <summary>Scores one customer after the other for one thread; its memory is used again and again.</summary>
sealed class Scorer(Market market, int windowDays, int discoveries)
{
    /// <summary>What she bought this many windows ago leads to its neighbours half as strongly.</summary>
    const float SourceHalfLifeWindows = 6;

    const float LeastWeight = 1e-9f;

    readonly Shopper _shopper = new();
    readonly Nearby[] _nearby = new Nearby[market.Products.Length];
    readonly int[] _touched = new int[market.Products.Length];
    readonly PriorityQueue<int, float> _nearest = new();
    ShopperFacts _facts;
    int _touchedCount;
    float _perWeight;

    /// <summary>How near a product is to what she bought.</summary>
    struct Nearby
    {
        public float Sum, Most;

        /// <summary>The product that contributes most.</summary>
        public int Source;
    }

    /// <summary>Fills the candidates: likeliest first, equal ones by product number.</summary>
    public void Score(CustomerHistory history, int day, DemandWeights weights, List<Candidate> candidates)
    {
        candidates.Clear();
        Read(history, day);
        if (_shopper.Visits == 0)
        {
            foreach (var product in market.Popular.AsSpan(0, Math.Min(discoveries, market.Popular.Length)))
                candidates.Add(new Candidate(product, CandidateKind.Discovery, MathF.Exp(market.Facts(product).LatelyPopularity) * market.ActiveShare, CandidateReason.Popular, 0));
            return;
        }

        Span<float> x = stackalloc float[DemandFeatures.HabitCount];
        foreach (ref readonly var use in _shopper.Uses)
        {
            HabitFeatures(use, day, x);
            var (reason, because) = HabitReason(use, day);
            candidates.Add(new Candidate(use.Product, CandidateKind.Habit, Chance(weights.Habit, x), reason, because));
        }

        x = x[..DemandFeatures.DiscoveryCount];
        foreach (var (product, _) in _nearest.UnorderedItems)
        {
            DiscoveryFeatures(product, x);
            var near = _nearby[product];
            candidates.Add(new Candidate(
                product, CandidateKind.Discovery, Chance(weights.Discovery, x), near.Sum > 0 ? CandidateReason.GoesWith : CandidateReason.Popular, near.Source));
        }

        candidates.Sort(static (a, b) => a.Chance != b.Chance ? b.Chance.CompareTo(a.Chance) : a.Product.CompareTo(b.Product));
    }

    /// <summary>Adds the customer's candidates as training rows, labelled by what she bought in a later window.</summary>
    public void Collect(CustomerHistory history, IReadOnlySet<int> boughtLater, TrainingRows rows)
    {
        Read(history, market.Day);
        if (_shopper.Visits == 0) return;
        Span<float> x = stackalloc float[DemandFeatures.HabitCount];
        foreach (ref readonly var use in _shopper.Uses)
        {
            HabitFeatures(use, market.Day, x);
            rows.Habit.AddRange(x);
            rows.HabitLabels.Add(boughtLater.Contains(use.Product));
        }

        x = x[..DemandFeatures.DiscoveryCount];
        foreach (var (product, _) in _nearest.UnorderedItems)
        {
            DiscoveryFeatures(product, x);
            rows.Discovery.AddRange(x);
            rows.DiscoveryLabels.Add(boughtLater.Contains(product));
        }
    }

    /// <summary>Sums up what she bought before the day and chooses the products, unknown to her, that will be scored.</summary>
    void Read(CustomerHistory history, int day)
    {
        _shopper.Read(history, day, windowDays);
        foreach (var product in _touched.AsSpan(0, _touchedCount)) _nearby[product] = default;
        _touchedCount = 0;
        if (_shopper.Visits == 0) return;
        _facts = ShopperFacts.Of(_shopper, day, windowDays);
        float weights = 0;
        foreach (ref readonly var use in _shopper.Uses)
        {
            // Never zero, however long ago: what she bought last still leads somewhere, and nothing is divided by zero.
            var weight = MathF.Max(LeastWeight, MathF.Exp(-0.6931472f * (day - use.LastDay) / (SourceHalfLifeWindows * windowDays))) * (1 + MathF.Log(use.Times));
            weights += weight;
            foreach (ref readonly var neighbour in market.Neighbours.Of(use.Product))
            {
                ref var near = ref _nearby[neighbour.Product];
                if (near.Sum == 0) _touched[_touchedCount++] = neighbour.Product;
                var part = weight * neighbour.Nearness;
                near.Sum += part;
                if (part <= near.Most) continue;
                near.Most = part;
                near.Source = use.Product;
            }
        }

        _perWeight = 1 / weights;
        _nearest.Clear();
        foreach (var product in _touched.AsSpan(0, _touchedCount))
        {
            var appeal = _nearby[product].Sum * market.Facts(product).Appeal;
            // Without appeal: nobody buys it any more.
            if (appeal <= 0 || _shopper.Knows(product)) continue;
            if (_nearest.Count < discoveries) _nearest.Enqueue(product, appeal);
            else if (_nearest.TryPeek(out _, out var least) && appeal > least) _nearest.DequeueEnqueue(product, appeal);
        }

        foreach (var product in market.Popular)
        {
            if (_nearest.Count >= discoveries) break;
            if (_nearby[product].Sum == 0 && !_shopper.Knows(product)) _nearest.Enqueue(product, 0);
        }
    }

    void HabitFeatures(in ProductUse use, int day, Span<float> x)
    {
        var near = use.Product < _nearby.Length ? _nearby[use.Product] : default;
        DemandFeatures.Habit(_facts, use, market.Facts(use.Product), day, windowDays, near.Sum * _perWeight, near.Most * _perWeight, x);
    }

    void DiscoveryFeatures(int product, Span<float> x) =>
        DemandFeatures.Discovery(_facts, market.Facts(product), _nearby[product].Sum * _perWeight, _nearby[product].Most * _perWeight, x);

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

    static float Chance(ReadOnlySpan<float> weights, ReadOnlySpan<float> x)
    {
        var score = weights[0];
        for (var k = 0; k < x.Length; k++) score += weights[k + 1] * x[k];
        return 1 / (1 + MathF.Exp(-score));
    }
}
