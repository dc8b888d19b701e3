namespace Volna.Offers.Compare;

/// <summary>A way of sharing out a wave's offers, to be compared at the same limits.</summary>
public enum WaveMethod
{
    /// <summary>All customers together, at the limits' prices.</summary>
    Volna = 0,

    /// <summary>Whoever's offer is expected to bring most goes first, at the depth best for itself, until the limits are used up.</summary>
    GreedyByScore = 1,

    /// <summary>What is likeliest to be bought goes first, whatever it brings.</summary>
    RelevanceOnly = 2,

    /// <summary>As greedy by score, with one discount for all: the one of the ladder with which that brings most.</summary>
    FixedDiscount = 3,
}

/// <summary>Names of the methods.</summary>
public static class WaveMethods
{
    public static Text Name(this WaveMethod method) => method switch
    {
        WaveMethod.Volna => new("Volna", "Volna"),
        WaveMethod.GreedyByScore => new("greedy by score", "жадно по оценке"),
        WaveMethod.RelevanceOnly => new("relevance only", "только по интересу"),
        WaveMethod.FixedDiscount => new("one discount for all", "одна скидка для всех"),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "No such method."),
    };
}
