namespace Volna.Kernels.Tests;

public sealed class AdagradStepTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(17)]
    [InlineData(100)]
    public void Vectors_do_the_same_as_one_weight_after_the_other(int length)
    {
        var draw = new Draw(1, "adagrad", (ulong)length);
        float[] Numbers() => [.. Enumerable.Range(0, length).Select(_ => (float)draw.NextNormal())];
        float[] weights = Numbers(), expected = [.. weights], squares = new float[length], expectedSquares = new float[length];
        for (var step = 0; step < 3; step++)
        {
            var gradients = Numbers();
            AdagradStep.TakePlain(expected, expectedSquares, gradients, 0.5f, 0.1f);
            AdagradStep.Take(weights, squares, gradients, 0.5f, 0.1f);
        }

        for (var i = 0; i < length; i++)
        {
            Assert.Equal(expected[i], weights[i], 1e-6);
            Assert.Equal(expectedSquares[i], squares[i], 1e-6);
        }
    }

    [Fact]
    public void The_first_step_is_as_long_as_the_rate_and_later_ones_shorter_and_no_gradient_moves_nothing()
    {
        float[] weights = [1, 1], squares = [0, 0];
        AdagradStep.TakePlain(weights, squares, [4, 0], 1, 0.1f);
        Assert.Equal([0.9f, 1f], weights);
        AdagradStep.TakePlain(weights, squares, [4, 0], 1, 0.1f);
        Assert.Equal(0.9f - (0.1f / MathF.Sqrt(2)), weights[0], 1e-6);
        Assert.Throws<ArgumentException>(() => AdagradStep.Take(weights, squares, [1], 1, 0.1f));
    }
}
