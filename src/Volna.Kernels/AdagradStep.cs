using System.Numerics;
using System.Runtime.InteropServices;

namespace Volna.Kernels;

/// <summary>
/// One step of stochastic gradient descent in which each weight has its own pace, the slower the more it was moved before: gradients are divided by the root of
/// the sum of their squares so far (Duchi, Hazan, Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", 2011).
/// </summary>
public static class AdagradStep
{
    const float Least = 1e-12f;

    /// <summary>One weight after the other: the definition.</summary>
    /// <param name="squares">Of the gradients so far; added to.</param>
    /// <param name="scale">What the gradients are multiplied by first.</param>
    public static void TakePlain(Span<float> weights, Span<float> squares, ReadOnlySpan<float> gradients, float scale, float learningRate)
    {
        Check(weights, squares, gradients);
        for (var i = 0; i < weights.Length; i++)
        {
            var gradient = scale * gradients[i];
            squares[i] += gradient * gradient;
            weights[i] -= learningRate * gradient / MathF.Sqrt(squares[i] + Least);
        }
    }

    /// <summary>The same by vectors.</summary>
    /// <inheritdoc cref="TakePlain"/>
    public static void Take(Span<float> weights, Span<float> squares, ReadOnlySpan<float> gradients, float scale, float learningRate)
    {
        Check(weights, squares, gradients);
        var whole = weights.Length - (weights.Length % Vector<float>.Count);
        var to = MemoryMarshal.Cast<float, Vector<float>>(weights[..whole]);
        var sums = MemoryMarshal.Cast<float, Vector<float>>(squares[..whole]);
        var from = MemoryMarshal.Cast<float, Vector<float>>(gradients[..whole]);
        for (var i = 0; i < to.Length; i++)
        {
            var gradient = from[i] * scale;
            sums[i] += gradient * gradient;
            to[i] -= gradient * learningRate / Vector.SquareRoot(sums[i] + new Vector<float>(Least));
        }

        TakePlain(weights[whole..], squares[whole..], gradients[whole..], scale, learningRate);
    }

    static void Check(Span<float> weights, Span<float> squares, ReadOnlySpan<float> gradients)
    {
        if (squares.Length != weights.Length || gradients.Length != weights.Length)
            throw new ArgumentException($"{weights.Length} weights, {squares.Length} squares and {gradients.Length} gradients don't fit.");
    }
}
