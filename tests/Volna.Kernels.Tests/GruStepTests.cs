namespace Volna.Kernels.Tests;

public sealed class GruStepTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 5, 2)]
    [InlineData(8, 16, 4)]
    [InlineData(20, 19, 9)]
    [InlineData(64, 64, 33)]
    public void States_equal_the_plain_loop(int input, int hidden, int sequences)
    {
        var gru = new GruStep(input, hidden);
        var (weights, inputs, before) = MakeUp(gru, sequences);
        var after = new float[before.Length];
        gru.Forward(weights, inputs, before, after, new float[sequences * gru.Memory]);
        for (var sequence = 0; sequence < sequences; sequence++)
        {
            var expected = new double[hidden];
            gru.ForwardPlain(Double(weights), Double(inputs.AsSpan(sequence * input, input)), Double(before.AsSpan(sequence * hidden, hidden)), expected);
            for (var unit = 0; unit < hidden; unit++) Assert.Equal(expected[unit], after[(sequence * hidden) + unit], 2e-6);
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 5, 2)]
    [InlineData(9, 17, 6)]
    public void Gradients_equal_small_differences_of_the_plain_loop(int input, int hidden, int sequences)
    {
        var gru = new GruStep(input, hidden);
        var (weights, inputs, before) = MakeUp(gru, sequences);
        var draw = new Draw(2, "gru", 0);
        float[] ofAfter = [.. before.Select(_ => (float)draw.NextNormal())];
        var memory = new float[sequences * gru.Memory];
        gru.Forward(weights, inputs, before, new float[before.Length], memory);
        float[] ofInputs = new float[inputs.Length], ofBefore = new float[before.Length], ofWeights = new float[weights.Length];
        ofWeights.AsSpan().Fill(0.5f);
        gru.Backward(weights, inputs, before, memory, ofAfter, ofInputs, ofBefore, ofWeights);

        double[] w = Double(weights), x = Double(inputs), h = Double(before);
        double Loss()
        {
            double sum = 0;
            var after = new double[hidden];
            for (var sequence = 0; sequence < sequences; sequence++)
            {
                gru.ForwardPlain(w, x.AsSpan(sequence * input, input), h.AsSpan(sequence * hidden, hidden), after);
                for (var unit = 0; unit < hidden; unit++) sum += after[unit] * ofAfter[(sequence * hidden) + unit];
            }

            return sum;
        }

        void Compare(double[] numbers, float[] gradients, double added)
        {
            for (var i = 0; i < numbers.Length; i++)
            {
                var at = numbers[i];
                numbers[i] = at + 1e-5;
                var above = Loss();
                numbers[i] = at - 1e-5;
                var below = Loss();
                numbers[i] = at;
                Assert.Equal(((above - below) / 2e-5) + added, gradients[i], 1e-4);
            }
        }

        Compare(x, ofInputs, 0);
        Compare(h, ofBefore, 0);
        Compare(w, ofWeights, 0.5);
    }

    [Fact]
    public void Great_numbers_stay_within_the_gates()
    {
        var gru = new GruStep(2, 9);
        var (weights, inputs, before) = MakeUp(gru, 1);
        foreach (ref var weight in weights.AsSpan()) weight *= 1e4f;
        var after = new float[9];
        gru.Forward(weights, inputs, before, after, new float[gru.Memory]);
        for (var unit = 0; unit < 9; unit++) Assert.InRange(Math.Abs(after[unit]), 0, Math.Max(1, Math.Abs(before[unit])));
    }

    [Theory]
    [InlineData(0, 3, 5)]
    [InlineData(1, 1, 1)]
    [InlineData(4, 7, 16)]
    [InlineData(5, 8, 33)]
    [InlineData(9, 20, 71)]
    public void Products_of_matrices_equal_the_plain_loop(int rows, int inner, int columns)
    {
        // Small whole numbers: every order of adding gives the same sum.
        var draw = new Draw(3, "matrices", (ulong)rows);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(draw.NextBelow(9) - 4))];
        float[] left = Numbers(rows * inner), right = Numbers(inner * columns), start = Numbers(rows * columns);
        foreach (var (rowStep, columnStep) in ((int, int)[])[(inner, 1), (1, rows)])
        {
            float[] expected = [.. start];
            MatrixProduct.AddPlain(left, rowStep, columnStep, right, expected, columns);
            foreach (var isWide in (bool[])[true, false])
            {
                float[] sums = [.. start];
                MatrixProduct.Add(left, rowStep, columnStep, right, sums, columns, isWide);
                Assert.Equal(expected, sums);
            }
        }

        float[] turned = [.. Enumerable.Range(0, right.Length).Select(i => right[(i % inner * columns) + (i / inner)])], plain = [.. start], other = [.. start];
        MatrixProduct.AddPlain(left, inner, 1, right, plain, columns);
        MatrixProduct.AddTransposed(left, turned, other, inner);
        Assert.Equal(plain, other);
    }

    [Fact]
    public void Numbers_that_do_not_fit_are_refused()
    {
        var gru = new GruStep(2, 3);
        Assert.Throws<ArgumentException>(() => gru.Forward(new float[gru.Weights - 1], new float[2], new float[3], new float[3], new float[gru.Memory]));
        Assert.Throws<ArgumentException>(() => gru.Forward(new float[gru.Weights], new float[2], new float[3], new float[3], new float[gru.Memory - 1]));
        Assert.Throws<ArgumentException>(() => MatrixProduct.Add(new float[5], 3, 1, new float[6], new float[4], 2));
    }

    static (float[] Weights, float[] Inputs, float[] Before) MakeUp(GruStep gru, int sequences)
    {
        var draw = new Draw(1, "gru", (ulong)gru.Hidden);
        float[] Numbers(int count, double size) => [.. Enumerable.Range(0, count).Select(_ => (float)(size * draw.NextNormal()))];
        return (Numbers(gru.Weights, 0.3), Numbers(sequences * gru.Input, 1), Numbers(sequences * gru.Hidden, 0.5));
    }

    static double[] Double(ReadOnlySpan<float> numbers)
    {
        var all = new double[numbers.Length];
        for (var i = 0; i < all.Length; i++) all[i] = numbers[i];
        return all;
    }
}
