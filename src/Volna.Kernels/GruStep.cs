using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Volna.Kernels;

/// <summary>
/// One step of a gated recurrent unit for several sequences at once, forwards and backwards (Cho and others, "Learning Phrase Representations using RNN
/// Encoder-Decoder for Statistical Machine Translation", 2014; the reset gate comes after the matrix, as in cuDNN, so that one product serves all gates). With
/// x the input and h the state before: r = s(Wr x + Ur h + br), z = s(Wz x + Uz h + bz), m = Un h + bm, n = tanh(Wn x + bn + r m), state after = (1 - z) n + z h.
/// </summary>
/// <param name="Input">Numbers of an input.</param>
/// <param name="Hidden">Numbers of a state.</param>
public readonly record struct GruStep(int Input, int Hidden)
{
    int Gates => 3 * Hidden;

    /// <summary>Weights in all: a row of gates (r, z, n) for each input, then for each number of the state, then the biases br, bz, bn, bm.</summary>
    public int Weights => (Gates * (Input + Hidden)) + Gates + Hidden;

    /// <summary>Numbers that are kept of a sequence's step, to go back.</summary>
    public int Memory => 2 * Gates;

    /// <summary>One sequence in double precision: the definition.</summary>
    public void ForwardPlain(ReadOnlySpan<double> weights, ReadOnlySpan<double> input, ReadOnlySpan<double> before, Span<double> after)
    {
        var biases = Gates * (Input + Hidden);
        for (var unit = 0; unit < Hidden; unit++)
        {
            double r = weights[biases + unit], z = weights[biases + Hidden + unit], n = weights[biases + (2 * Hidden) + unit], m = weights[biases + Gates + unit];
            for (var k = 0; k < Input + Hidden; k++)
            {
                var row = weights.Slice(k * Gates, Gates);
                var number = k < Input ? input[k] : before[k - Input];
                r += row[unit] * number;
                z += row[Hidden + unit] * number;
                if (k < Input) n += row[(2 * Hidden) + unit] * number;
                else m += row[(2 * Hidden) + unit] * number;
            }

            r = 1 / (1 + Math.Exp(-r));
            z = 1 / (1 + Math.Exp(-z));
            after[unit] = ((1 - z) * Math.Tanh(n + (r * m))) + (z * before[unit]);
        }
    }

    /// <summary>The states after.</summary>
    /// <param name="inputs">Sequence by sequence, as the states.</param>
    /// <param name="memory">Filled with what <see cref="Backward"/> needs; <see cref="Memory"/> numbers a sequence.</param>
    public void Forward(ReadOnlySpan<float> weights, ReadOnlySpan<float> inputs, ReadOnlySpan<float> before, Span<float> after, Span<float> memory)
    {
        var sequences = Check(weights, inputs, before, after, memory);
        var ofInputs = memory[..(sequences * Gates)];
        var ofStates = memory[(sequences * Gates)..];
        var biases = weights[(Gates * (Input + Hidden))..];
        for (var sequence = 0; sequence < sequences; sequence++)
        {
            biases[..Gates].CopyTo(ofInputs[(sequence * Gates)..]);
            var own = ofStates.Slice(sequence * Gates, Gates);
            own[..(2 * Hidden)].Clear();
            biases[Gates..].CopyTo(own[(2 * Hidden)..]);
        }

        MatrixProduct.Add(inputs, Input, 1, weights[..(Gates * Input)], ofInputs, Gates);
        MatrixProduct.Add(before, Hidden, 1, weights.Slice(Gates * Input, Gates * Hidden), ofStates, Gates);
        for (var sequence = 0; sequence < sequences; sequence++)
            Open(ofInputs.Slice(sequence * Gates, Gates), ofStates.Slice(sequence * Gates, Gates), before.Slice(sequence * Hidden, Hidden), after.Slice(sequence * Hidden, Hidden));
    }

    /// <summary>From the gradients of the states after to those of the inputs and states before, which are set, and of the weights, to which they are added.</summary>
    /// <param name="memory">Of <see cref="Forward"/>; overwritten.</param>
    /// <param name="ofAfter">Gradients of the states after.</param>
    public void Backward(
        ReadOnlySpan<float> weights, ReadOnlySpan<float> inputs, ReadOnlySpan<float> before, Span<float> memory, ReadOnlySpan<float> ofAfter,
        Span<float> ofInputs, Span<float> ofBefore, Span<float> ofWeights)
    {
        var sequences = Check(weights, inputs, before, ofAfter, memory);
        if (ofInputs.Length != inputs.Length || ofBefore.Length != before.Length || ofWeights.Length != weights.Length)
            throw new ArgumentException($"{ofInputs.Length}, {ofBefore.Length} and {ofWeights.Length} gradients of {inputs.Length} inputs, {before.Length} states and {weights.Length} weights don't fit.");
        var byInputs = memory[..(sequences * Gates)];
        var byStates = memory[(sequences * Gates)..];
        var biases = ofWeights[(Gates * (Input + Hidden))..];
        for (var sequence = 0; sequence < sequences; sequence++)
        {
            Span<float> one = byInputs.Slice(sequence * Gates, Gates), two = byStates.Slice(sequence * Gates, Gates);
            Close(one, two, before.Slice(sequence * Hidden, Hidden), ofAfter.Slice(sequence * Hidden, Hidden), ofBefore.Slice(sequence * Hidden, Hidden));
            ScaledSum.Add(biases[..Gates], 1, one);
            ScaledSum.Add(biases[Gates..], 1, two[(2 * Hidden)..]);
        }

        ofInputs.Clear();
        MatrixProduct.AddTransposed(byInputs, weights[..(Gates * Input)], ofInputs, Gates);
        MatrixProduct.AddTransposed(byStates, weights.Slice(Gates * Input, Gates * Hidden), ofBefore, Gates);
        MatrixProduct.Add(inputs, 1, Input, byInputs, ofWeights[..(Gates * Input)], Gates);
        MatrixProduct.Add(before, 1, Hidden, byStates, ofWeights.Slice(Gates * Input, Gates * Hidden), Gates);
    }

    /// <summary>Sums become the gates r, z, n in place; of the second ones only m is left.</summary>
    void Open(Span<float> ofInput, Span<float> ofState, ReadOnlySpan<float> before, Span<float> after)
    {
        ref var gate = ref MemoryMarshal.GetReference(ofInput);
        ref var other = ref MemoryMarshal.GetReference(ofState);
        nuint hidden = (nuint)Hidden, unit = 0;
        for (; unit + 8 <= hidden; unit += 8)
        {
            var r = Sigmoid(Vector256.LoadUnsafe(ref gate, unit) + Vector256.LoadUnsafe(ref other, unit));
            var z = Sigmoid(Vector256.LoadUnsafe(ref gate, hidden + unit) + Vector256.LoadUnsafe(ref other, hidden + unit));
            var sum = Vector256.LoadUnsafe(ref gate, (2 * hidden) + unit) + (r * Vector256.LoadUnsafe(ref other, (2 * hidden) + unit));
            var n = (2 * Sigmoid(2 * sum)) - Vector256<float>.One;
            r.StoreUnsafe(ref gate, unit);
            z.StoreUnsafe(ref gate, hidden + unit);
            n.StoreUnsafe(ref gate, (2 * hidden) + unit);
            (n + (z * (Vector256.LoadUnsafe(in before[(int)unit]) - n))).StoreUnsafe(ref after[(int)unit]);
        }

        for (var i = (int)unit; i < Hidden; i++)
        {
            ofInput[i] = 1 / (1 + MathF.Exp(-ofInput[i] - ofState[i]));
            ofInput[Hidden + i] = 1 / (1 + MathF.Exp(-ofInput[Hidden + i] - ofState[Hidden + i]));
            ref var n = ref ofInput[(2 * Hidden) + i];
            n = MathF.Tanh(n + (ofInput[i] * ofState[(2 * Hidden) + i]));
            after[i] = n + (ofInput[Hidden + i] * (before[i] - n));
        }
    }

    /// <summary>Gates become the gradients of the sums they were made of; the state before gets what goes past the gates.</summary>
    void Close(Span<float> ofInput, Span<float> ofState, ReadOnlySpan<float> before, ReadOnlySpan<float> ofAfter, Span<float> ofBefore)
    {
        for (var unit = 0; unit < Hidden; unit++)
        {
            float r = ofInput[unit], z = ofInput[Hidden + unit], n = ofInput[(2 * Hidden) + unit], m = ofState[(2 * Hidden) + unit];
            var ofN = ofAfter[unit] * (1 - z) * (1 - (n * n));
            var ofR = ofN * m * r * (1 - r);
            var ofZ = ofAfter[unit] * (before[unit] - n) * z * (1 - z);
            (ofInput[unit], ofInput[Hidden + unit], ofInput[(2 * Hidden) + unit]) = (ofR, ofZ, ofN);
            (ofState[unit], ofState[Hidden + unit], ofState[(2 * Hidden) + unit]) = (ofR, ofZ, ofN * r);
            ofBefore[unit] = ofAfter[unit] * z;
        }
    }

    static Vector256<float> Sigmoid(Vector256<float> x) => Vector256<float>.One / (Vector256<float>.One + Vector256.Exp(-x));

    int Check(ReadOnlySpan<float> weights, ReadOnlySpan<float> inputs, ReadOnlySpan<float> before, ReadOnlySpan<float> after, ReadOnlySpan<float> memory)
    {
        var sequences = before.Length / Hidden;
        if (weights.Length != Weights || sequences * Hidden != before.Length || inputs.Length != sequences * Input || after.Length != before.Length || memory.Length != sequences * Memory)
            throw new ArgumentException(
                $"{weights.Length} weights, {inputs.Length} inputs, {before.Length} and {after.Length} states and {memory.Length} numbers of memory don't fit {Input} inputs of {Hidden} units.");
        return sequences;
    }
}
