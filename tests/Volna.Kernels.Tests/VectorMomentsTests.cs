namespace Volna.Kernels.Tests;

public sealed class VectorMomentsTests
{
    [Fact]
    public void Equal_the_plain_sums_in_any_order_of_merging()
    {
        const int Rows = 500, Size = 4;
        var rows = Enumerable.Range(0, Rows).Select(row =>
        {
            var draw = new Draw(1, "rows", (ulong)row);
            var common = draw.NextNormal();
            return Enumerable.Range(0, Size).Select(i => row % 7 == 0 ? 0 : (i * 100) + common + draw.NextNormal()).ToArray();
        }).ToArray();

        var one = new VectorMoments(Size);
        var parts = Enumerable.Range(0, 5).Select(_ => new VectorMoments(Size)).ToArray();
        for (var row = 0; row < Rows; row++)
        {
            one.Add(rows[row]);
            if (row % 7 != 0) parts[row % 5].Add(rows[row]);
        }

        var merged = new VectorMoments(Size);
        foreach (var part in parts) merged.Merge(part);
        merged.AddZeros(rows.Where((_, row) => row % 7 == 0).Count());
        merged.Merge(new VectorMoments(Size));

        foreach (var moments in (VectorMoments[])[one, merged])
        {
            Assert.Equal(Rows, moments.Count);
            for (var i = 0; i < Size; i++)
                for (var j = 0; j < Size; j++)
                {
                    double meanI = rows.Average(row => row[i]), meanJ = rows.Average(row => row[j]);
                    Assert.Equal(meanI, moments.Mean(i), 1e-9);
                    Assert.Equal(rows.Sum(row => (row[i] - meanI) * (row[j] - meanJ)), moments.Products(i, j), 1e-6);
                }
        }
    }

    [Fact]
    public void Keep_their_digits_on_amounts_of_a_trillion_that_vary_by_one()
    {
        var moments = new VectorMoments(2);
        for (var row = 0; row < 1_000; row++) moments.Add([1e12 + (row % 2), -1e12 - (row % 2)]);
        Assert.Equal(250, moments.Products(0, 0), 0.1);
        Assert.Equal(-250, moments.Products(1, 0), 0.1);
    }

    [Fact]
    public void Refuse_a_row_or_moments_of_another_size()
    {
        Assert.Throws<ArgumentException>(() => new VectorMoments(2).Add([1]));
        Assert.Throws<ArgumentException>(() => new VectorMoments(2).Merge(new VectorMoments(3)));
    }
}
