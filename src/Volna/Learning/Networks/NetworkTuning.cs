namespace Volna.Learning.Networks;

/// <summary>
/// Chooses how long a network learns and which part of the say it gets beside another model: by what both together foretell best where neither has learnt. A
/// network that doesn't help gets none.
/// </summary>
static class NetworkTuning
{
    /// <summary>Epochs at most, and those after the best one that are waited for a better one.</summary>
    const int MostEpochs = 15, Patience = 2;

    /// <summary>The part with which the epochs are judged, then the others.</summary>
    static readonly float[] Shares = [0.4f, 0.1f, 0.2f, 0.3f, 0.5f, 0.6f, 0.7f, 0.8f];

    /// <param name="alone">What the other model is worth without a network.</param>
    /// <param name="worth">What they are worth together, given the part of the network.</param>
    /// <returns>The network's options and its part of the say; null and 0 where the other model does better alone.</returns>
    public static (NetworkOptions? Options, float Share) Choose(
        IReadOnlyList<int[]> sequences, int products, double alone, Func<NetworkModel, float, double> worth, ParallelOptions parallel)
    {
        var training = new NetworkTraining(sequences, products, new NetworkOptions());
        NetworkModel? best = null;
        var (share, bestWorth) = (0f, alone);
        while (training.Epochs < MostEpochs && training.Epochs < (best?.Options.Epochs ?? 0) + Patience)
        {
            training.RunEpoch(parallel);
            var model = training.Model();
            if (worth(model, Shares[0]) is var found && found > bestWorth) (best, share, bestWorth) = (model, Shares[0], found);
        }

        if (best is null) return (null, 0);
        foreach (var other in Shares[1..])
            if (worth(best, other) is var found && found > bestWorth) (share, bestWorth) = (other, found);
        return (best.Options, share);
    }
}
