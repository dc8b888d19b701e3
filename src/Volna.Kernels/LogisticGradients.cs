using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Volna.Kernels;

/// <summary>The derivatives of the logistic loss by the score, row by row: chance - label, and chance * (1 - chance).</summary>
public static class LogisticGradients
{
    /// <summary>The definition.</summary>
    public static void OfPlain(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, Span<float> first, Span<float> second)
    {
        Check(scores, labels, first, second);
        for (var i = 0; i < scores.Length; i++)
        {
            var chance = 1 / (1 + MathF.Exp(-scores[i]));
            first[i] = chance - labels[i];
            second[i] = chance * (1 - chance);
        }
    }

    /// <summary>Eight at a time; may differ from the plain loop in the last digits.</summary>
    public static void Of(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, Span<float> first, Span<float> second)
    {
        Check(scores, labels, first, second);
        ref var score = ref MemoryMarshal.GetReference(scores);
        ref var label = ref MemoryMarshal.GetReference(labels);
        ref var one = ref MemoryMarshal.GetReference(first);
        ref var two = ref MemoryMarshal.GetReference(second);
        var i = 0;
        for (; i + Vector256<float>.Count <= scores.Length; i += Vector256<float>.Count)
        {
            var at = (nuint)i;
            var chance = Vector256<float>.One / (Vector256<float>.One + Vector256.Exp(-Vector256.LoadUnsafe(ref score, at)));
            (chance - Vector256.LoadUnsafe(ref label, at)).StoreUnsafe(ref one, at);
            (chance * (Vector256<float>.One - chance)).StoreUnsafe(ref two, at);
        }

        OfPlain(scores[i..], labels[i..], first[i..], second[i..]);
    }

    static void Check(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, Span<float> first, Span<float> second)
    {
        if (labels.Length != scores.Length || first.Length != scores.Length || second.Length != scores.Length)
            throw new ArgumentException($"{scores.Length} scores, {labels.Length} labels and {first.Length} and {second.Length} derivatives don't fit.");
    }
}
