namespace Volna.Offers.Allocation;

/// <summary>One way to fill a slot of a customer: a good in a kind of slot at a depth. Small, because a wave weighs hundreds of millions of them.</summary>
readonly struct Option
{
    const int GoodBits = 24, KindBits = 4;

    readonly uint _packed;

    /// <param name="good">Place among the problem's goods, below 2^24.</param>
    /// <param name="kind">Of slot, below 16.</param>
    /// <param name="step">Of the ladder, below 16.</param>
    /// <param name="valueMilli">What it is expected to bring, in thousandths of a minor unit.</param>
    /// <param name="costMilli">What its discount is expected to cost, likewise; not negative.</param>
    public Option(int good, int kind, int step, int valueMilli, int costMilli)
    {
        if ((uint)good >= 1 << GoodBits || (uint)kind >= 1 << KindBits || (uint)step >= 16 || costMilli < 0)
            throw new ArgumentOutOfRangeException(nameof(good), $"Good {good}, kind {kind}, step {step} or cost {costMilli} is out of range.");
        _packed = (uint)good | ((uint)kind << GoodBits) | ((uint)step << (GoodBits + KindBits));
        ValueMilli = valueMilli;
        CostMilli = costMilli;
    }

    public int Good => (int)(_packed & ((1 << GoodBits) - 1));

    public int Kind => (int)(_packed >> GoodBits) & 15;

    public int Step => (int)(_packed >> (GoodBits + KindBits));

    public int ValueMilli { get; }

    public int CostMilli { get; }

    public bool SharesGoodAndKind(in Option other) => ((_packed ^ other._packed) & ((1 << (GoodBits + KindBits)) - 1)) == 0;
}
