namespace Volna.Learning.Networks;

/// <summary>
/// Chooses how long a network learns, by what it foretells alone where it hasn't learnt, and then which part of the say it gets beside another model, by what both
/// foretell together. A network that doesn't help gets none.
/// </summary>
static class NetworkTuning
{
    /// <summary>Epochs at most, and those after the best one that are waited for a better one.</summary>
    const int MostEpochs = 12, Patience = 2;

    static readonly float[] Shares = [0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f];

    /// <param name="without">What the other model is worth without a network.</param>
    /// <param name="worth">What they are worth together, given the part of the network; 1 for the network alone.</param>
    /// <returns>The network's options and its part of the say; null and 0 where the other model does better alone.</returns>
    public static (NetworkOptions? Options, float Share) Choose(
        IReadOnlyList<int[]> sequences, int products, double without, Func<NetworkModel, float, double> worth, ParallelOptions parallel)
    {
        var training = new NetworkTraining(sequences, products, new NetworkOptions());
        NetworkModel? best = null;
        var bestAlone = double.NegativeInfinity;
        while (training.Epochs < MostEpochs && training.Epochs < (best?.Options.Epochs ?? 0) + Patience)
        {
            training.RunEpoch(parallel);
            var model = training.Model();
            if (worth(model, 1) is var alone && alone > bestAlone) (best, bestAlone) = (model, alone);
        }

        var (share, bestWorth) = (0f, without);
        foreach (var part in Shares)
            if (worth(best!, part) is var together && together > bestWorth) (share, bestWorth) = (part, together);
        return share == 0 ? (null, 0) : (best!.Options, share);
    }
}
