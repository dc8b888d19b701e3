namespace Volna.Kernels.Tests;

public sealed class LeastSquaresStepTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(16)]
    public void Enough_steps_solve_the_system_written_out(int width)
    {
        const int Products = 30;
        var draw = new Draw(1, "least squares", (ulong)width);
        float[] factors = [.. Enumerable.Range(0, Products * width).Select(_ => (float)draw.NextNormal())];
        int[] products = [3, 17, 4];
        float[] confidences = [5, 2, 11];
        var gram = new float[width * width];
        LeastSquaresStep.Gram(factors, width, 0.5f, gram);
        var own = new float[width];
        LeastSquaresStep.Improve(gram, factors, products, confidences, own, 3 * width, new float[3 * width]);

        // The gradient of the loss over all products must vanish: sum of c (x.y - p) y + regularisation x.
        for (var k = 0; k < width; k++)
        {
            double gradient = 0.5 * own[k], size = Math.Abs(gradient);
            for (var product = 0; product < Products; product++)
            {
                double score = 0;
                for (var j = 0; j < width; j++) score += own[j] * factors[(product * width) + j];
                var have = Array.IndexOf(products, product);
                var part = (have < 0 ? score : confidences[have] * (score - 1)) * factors[(product * width) + k];
                gradient += part;
                size += Math.Abs(part);
            }

            Assert.InRange(gradient / size, -1e-4, 1e-4);
        }
    }

    [Theory]
    [InlineData(8, 5)]
    [InlineData(13, 40)]
    [InlineData(64, 0)]
    [InlineData(64, 1)]
    [InlineData(64, 3)]
    [InlineData(64, 4)]
    [InlineData(64, 50)]
    public void All_variants_come_to_the_exact_solution(int width, int count)
    {
        const int Products = 200;
        var draw = new Draw(2, "least squares", (ulong)(width + count));
        float[] factors = [.. Enumerable.Range(0, Products * width).Select(_ => (float)draw.NextNormal())];
        int[] products = [.. Enumerable.Range(0, count).Select(i => (i * 7) % Products)];
        float[] confidences = [.. products.Select(_ => 1 + (float)(10 * draw.NextUnit()))];
        var exact = new float[width];
        foreach (var isWide in (bool[])[true, false])
        {
            var gram = new float[width * width];
            LeastSquaresStep.Gram(factors, width, 0.5f, gram, isWide);
            LeastSquaresStep.SolvePlain(gram, factors, products, confidences, exact);
            var own = new float[width];
            LeastSquaresStep.Improve(gram, factors, products, confidences, own, 3 * width, new float[3 * width], isWide);
            for (var k = 0; k < width; k++) Assert.Equal(exact[k], own[k], 2e-5f);
            for (var row = 0; row < width; row++)
                for (var column = 0; column < width; column++)
                    Assert.Equal(Enumerable.Range(0, Products).Sum(p => (double)factors[(p * width) + row] * factors[(p * width) + column]) + (row == column ? 0.5 : 0), gram[(row * width) + column], 1e-3);
        }
    }

    [Fact]
    public void Numbers_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => LeastSquaresStep.Gram(new float[7], 2, 1, new float[4]));
        Assert.Throws<ArgumentException>(() => LeastSquaresStep.Improve(new float[4], new float[8], [1], [], new float[2], 3, new float[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => LeastSquaresStep.Improve(new float[4], new float[8], [4], [2], new float[2], 3, new float[6]));
    }
}
