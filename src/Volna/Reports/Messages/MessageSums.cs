using Volna.Kernels;

namespace Volna.Reports.Messages;

/// <summary>What the customers of several waves spent in each of them, by messages got before; of one shard.</summary>
sealed class MessageSums(IReadOnlyList<ContactedWave> waves)
{
    const int Cells = 2 * (ContactedWave.Most + 1);

    readonly PairSums[] _spend = new PairSums[waves.Count * Cells];
    readonly long[] _buyers = new long[waves.Count * Cells];

    /// <param name="withinMinor">What she spent within the wave's validity.</param>
    /// <param name="beforeMinor">What she spent in the weeks before it.</param>
    public void Add(int wave, int customer, long withinMinor, long beforeMinor)
    {
        if (!waves[wave].IsAssigned(customer)) return;
        var cell = (wave * Cells) + waves[wave].CellOf(customer);
        _spend[cell].Add(withinMinor, beforeMinor);
        if (withinMinor > 0) _buyers[cell]++;
    }

    /// <summary>Waves that held out the same share together: then each customer of a wave is as good as drawn by one chance.</summary>
    /// <returns>By messages and share; who wasn't added bought nothing.</returns>
    public static IReadOnlyList<MessageArms> Whole(IReadOnlyList<ContactedWave> waves, IReadOnlyList<MessageSums> shards)
    {
        var counts = new long[waves.Count * Cells];
        for (var wave = 0; wave < waves.Count; wave++)
            for (var customer = 0; customer < waves[wave].Parts.Length; customer++)
                if (waves[wave].IsAssigned(customer))
                    counts[(wave * Cells) + waves[wave].CellOf(customer)]++;

        var arms = new List<MessageArms>();
        foreach (var share in waves.Select(wave => wave.HeldOutShare).Distinct().Order())
            for (var messages = 0; messages <= ContactedWave.Most; messages++)
            {
                var (treated, treatedBuyers) = Merged(share, 2 * messages);
                var (heldOut, heldOutBuyers) = Merged(share, (2 * messages) + 1);
                if (treated.Count + heldOut.Count > 0) arms.Add(new MessageArms(messages, treated, heldOut, treatedBuyers, heldOutBuyers));
            }

        return arms;

        (VectorMoments Spend, long Buyers) Merged(double share, int cell)
        {
            var sums = default(PairSums);
            long count = 0, buyers = 0;
            for (var wave = 0; wave < waves.Count; wave++)
            {
                if (waves[wave].HeldOutShare != share) continue;
                var at = (wave * Cells) + cell;
                count += counts[at];
                foreach (var shard in shards)
                {
                    sums.Merge(shard._spend[at]);
                    buyers += shard._buyers[at];
                }
            }

            return (sums.ToMoments(count), buyers);
        }
    }
}

/// <summary>Customers of waves who got so many messages before: their spend within the wave (0) and before (1).</summary>
sealed record MessageArms(int Messages, VectorMoments Treated, VectorMoments HeldOut, long TreatedBuyers, long HeldOutBuyers);
