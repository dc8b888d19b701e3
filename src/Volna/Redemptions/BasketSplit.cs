namespace Volna.Redemptions;

/// <summary>
/// Splits an amount over lines in proportion to what they cost, exact to the minor unit: shares are rounded down, what is left goes to the largest
/// remainders, the earlier line first. No line gets more than it has room for; what it can't take goes to the others.
/// </summary>
public static class BasketSplit
{
    /// <param name="rooms">Most for each line, or null for no bound; together at least the amount.</param>
    public static long[] Split(long amount, long[] weights, long[]? rooms)
    {
        var shares = new long[weights.Length];
        if (amount == 0) return shares;
        var isFull = new bool[weights.Length];
        Int128 sum;
        for (var again = true; again;)
        {
            sum = Sum(weights, isFull);
            again = false;
            // A line whose share is above its room is filled and leaves; its excess makes the others' shares larger, so it is looked at again.
            for (var i = 0; i < weights.Length && rooms is not null; i++)
            {
                if (isFull[i] || (Int128)amount * weights[i] <= (Int128)rooms[i] * sum) continue;
                (shares[i], isFull[i], again) = (rooms[i], true, true);
                amount -= rooms[i];
                break;
            }
        }

        sum = Sum(weights, isFull);
        if (sum == 0) return amount == 0 ? shares : throw new InvalidOperationException($"{amount} can't be split: no line has room for it.");
        var left = amount;
        var remainders = new List<(Int128 Remainder, int Line)>();
        for (var i = 0; i < weights.Length; i++)
        {
            if (isFull[i] || weights[i] == 0) continue;
            var product = (Int128)amount * weights[i];
            shares[i] = (long)(product / sum);
            left -= shares[i];
            remainders.Add((product % sum, i));
        }

        foreach (var (_, line) in remainders.OrderByDescending(one => one.Remainder).ThenBy(one => one.Line).Take((int)left)) shares[line]++;
        return shares;
    }

    static Int128 Sum(long[] weights, bool[] isFull)
    {
        Int128 sum = 0;
        for (var i = 0; i < weights.Length; i++)
            if (!isFull[i])
                sum += weights[i];
        return sum;
    }
}
