using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Volna.Kernels;

/// <summary>
/// Scores as shares of each other: e to the power of each, the greatest one's taken as 1 so that nothing overflows. Their sum is left to the caller, who
/// may have more to add. A score of minus infinity has no share.
/// </summary>
public static class SoftMax
{
    /// <summary>One after the other: the definition.</summary>
    /// <returns>The greatest score, and the sum of what the scores became; minus infinity and 0 where there are none.</returns>
    public static (float Greatest, double Sum) ExponentiatePlain(Span<float> scores)
    {
        var (greatest, sum) = (float.NegativeInfinity, 0.0);
        foreach (var score in scores) greatest = Math.Max(greatest, score);
        for (var i = 0; i < scores.Length; i++) sum += scores[i] = float.IsNegativeInfinity(scores[i]) ? 0 : MathF.Exp(scores[i] - greatest);
        return (greatest, sum);
    }

    /// <summary>The same, eight at a time; the last digits may differ.</summary>
    /// <inheritdoc cref="ExponentiatePlain"/>
    public static (float Greatest, double Sum) Exponentiate(Span<float> scores)
    {
        var whole = scores.Length - (scores.Length % Vector256<float>.Count);
        var blocks = MemoryMarshal.Cast<float, Vector256<float>>(scores[..whole]);
        var most = Vector256.Create(float.NegativeInfinity);
        foreach (var block in blocks) most = Vector256.Max(most, block);
        var greatest = float.NegativeInfinity;
        for (var i = 0; i < Vector256<float>.Count; i++) greatest = Math.Max(greatest, most[i]);
        foreach (var score in scores[whole..]) greatest = Math.Max(greatest, score);
        if (float.IsNegativeInfinity(greatest))
        {
            scores.Clear();
            return (greatest, 0);
        }

        // What is below e to the -80 is nothing beside 1.
        var (sum, zero, least) = (Vector256<double>.Zero, Vector256.Create(greatest), Vector256.Create(-80f));
        for (var block = 0; block < blocks.Length; block++)
        {
            var score = blocks[block] - zero;
            var share = Vector256.ConditionalSelect(Vector256.GreaterThan(score, least), Vector256.Exp(Vector256.Max(score, least)), Vector256<float>.Zero);
            blocks[block] = share;
            var (lower, upper) = Vector256.Widen(share);
            sum += lower + upper;
        }

        var total = Vector256.Sum(sum);
        for (var i = whole; i < scores.Length; i++) total += scores[i] = scores[i] - greatest > -80 ? MathF.Exp(scores[i] - greatest) : 0;
        return (greatest, total);
    }
}
