namespace Volna.Kernels.Tests;

public sealed class TreeKernelTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Histograms_equal_the_plain_loop(int count)
    {
        var draw = new Draw(11, "histograms", (ulong)count);
        var bins = new ulong[2 * count];
        for (var i = 0; i < bins.Length; i++) bins[i] = draw.Next();
        int[] rows = [.. Enumerable.Range(0, count).Select(i => 2 * i)];
        var gradients = new long[count];
        for (var i = 0; i < count; i++) gradients[i] = GradientSums.Pack(draw.NextBelow(2001) - 1000, (uint)draw.NextBelow(1000));
        var (plain, fast) = (new long[GradientSums.Columns * GradientSums.Bins], new long[GradientSums.Columns * GradientSums.Bins]);
        GradientSums.AddPlain(bins, rows, gradients, plain);
        GradientSums.Add(bins, rows, gradients, fast);
        Assert.Equal(plain, fast);
        var (first, second) = gradients.Select(GradientSums.Unpack).Aggregate((0, 0u), (sum, one) => (sum.Item1 + one.First, sum.Item2 + one.Second));
        Assert.Equal((first, second), GradientSums.Unpack(fast.AsSpan(0, GradientSums.Bins).ToArray().Sum()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(17)]
    public void Derivatives_are_rounded_to_the_nearest_whole_number(int count)
    {
        var draw = new Draw(15, "pack", (ulong)count);
        float[] first = [.. Enumerable.Range(0, count).Select(_ => (float)draw.NextNormal())], second = [.. first.Select(_ => (float)draw.NextUnit())];
        var packed = new long[count];
        GradientSums.Pack(first, second, 1000, 2000, packed);
        Assert.Equal(first.Zip(second, (one, two) => ((int)MathF.Round(one * 1000), (uint)MathF.Round(two * 2000))), packed.Select(GradientSums.Unpack));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(100)]
    public void Logistic_gradients_are_near_the_plain_loop(int count)
    {
        var draw = new Draw(12, "gradients", (ulong)count);
        float[] scores = [.. Enumerable.Range(0, count).Select(_ => (float)(draw.NextNormal() * 10))];
        float[] labels = [.. scores.Select(_ => (float)draw.NextBelow(2))];
        float[] first = new float[count], second = new float[count], plainFirst = new float[count], plainSecond = new float[count];
        LogisticGradients.OfPlain(scores, labels, plainFirst, plainSecond);
        LogisticGradients.Of(scores, labels, first, second);
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(plainFirst[i], first[i], 1e-6f);
            Assert.Equal(plainSecond[i], second[i], 1e-6f);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(7, 2)]
    [InlineData(8, 3)]
    [InlineData(9, 127)]
    [InlineData(65, 128)]
    [InlineData(65, 200)]
    [InlineData(500, 254)]
    public void Bins_equal_the_plain_loop(int rows, int endCount)
    {
        const int Columns = 3;
        var draw = new Draw(13, "bins", (ulong)rows);
        var ends = new float[Binning.TableLength];
        ends.AsSpan().Fill(float.PositiveInfinity);
        for (var i = 0; i < endCount; i++) ends[i] = (float)draw.NextNormal();
        ends.AsSpan(0, endCount).Sort();
        var values = new float[rows * Columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = draw.NextBelow(8) switch
            {
                0 => float.NaN,
                1 => float.PositiveInfinity,
                2 => float.NegativeInfinity,
                3 when endCount > 0 => ends[draw.NextBelow(endCount)],
                _ => (float)draw.NextNormal(),
            };
        }

        var (plain, fast) = (new byte[rows], new byte[rows]);
        Binning.FindPlain(values, rows == 0 ? 0 : 1, Columns, ends, plain);
        foreach (var isWide in (bool[])[true, false])
        {
            Binning.Find(values, rows == 0 ? 0 : 1, Columns, ends, fast, isWide);
            Assert.Equal(plain, fast);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_are_shared_out_in_their_order(bool isCategory)
    {
        var draw = new Draw(16, "partition", 0);
        ulong[] bins = [.. Enumerable.Range(0, 500).Select(_ => draw.Next() & draw.Next())];
        int[] rows = [.. Enumerable.Range(0, 500).Where(_ => draw.NextBelow(2) == 0)];
        ulong[] sets = [0, 0, 0, 0, draw.Next(), draw.Next(), draw.Next(), draw.Next()];
        var node = new TreeNode(2, 60, 1, 0, 1, isCategory ? 1 : -1);
        bool GoesLeft(int row) => TreeBlock.Leaf([0, 0, (byte)((bins[row] >> 16) & 255)], 1, [node], sets) == 0;
        int[] expected = [.. rows.Where(GoesLeft), .. rows.Where(row => !GoesLeft(row))];
        Assert.Equal(expected.Count(GoesLeft), TreePartition.Divide(bins, 16, node, sets, rows, new int[rows.Length]));
        Assert.Equal(expected, rows);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(30)]
    [InlineData(31)]
    [InlineData(63)]
    [InlineData(255)]
    public void Leaves_equal_walking_down_the_tree(int nodeCount)
    {
        const int Columns = 5;
        var draw = new Draw(14, "leaves", (ulong)nodeCount);
        var bins = new byte[2 * Columns * TreeBlock.Rows];
        for (var i = 0; i < bins.Length; i++) bins[i] = (byte)(draw.NextBelow(4) == 0 ? 0 : draw.NextBelow(256));
        for (var column = 0; column < Columns; column++) TreeBlock.LessOne(bins.AsSpan(2 * column * TreeBlock.Rows, 2 * TreeBlock.Rows));
        var nodes = new List<TreeNode>();
        var categories = new List<ulong>();

        // As trees are grown: a leaf by chance becomes a question, whose left keeps its number.
        var leaf = new List<(int Parent, bool IsRight)> { (-1, false) };
        for (var i = 0; i < nodeCount; i++)
        {
            var split = draw.NextBelow(leaf.Count);
            var (parent, isRight) = leaf[split];
            var place = (short)(TreeBlock.FirstNode + i);
            if (parent >= 0) nodes[parent] = isRight ? nodes[parent] with { Right = place } : nodes[parent] with { Left = place };
            var missingRight = (byte)draw.NextBelow(2);
            var most = (byte)draw.NextBelow(256 - missingRight);
            var isCategory = draw.NextBelow(5) == 0;
            nodes.Add(new TreeNode((short)draw.NextBelow(Columns), most, missingRight, (short)split, (short)leaf.Count, isCategory ? categories.Count / 4 : -1));
            if (isCategory) categories.AddRange([draw.Next(), draw.Next(), draw.Next(), draw.Next()]);
            leaf[split] = (i, false);
            leaf.Add((i, true));
        }

        var values = new float[leaf.Count <= 32 ? 32 : leaf.Count];
        for (var i = 0; i < values.Length; i++) values[i] = i + 1;
        var expected = new float[TreeBlock.Rows];
        for (var row = 0; row < expected.Length; row++) expected[row] = 0.5f + values[TreeBlock.Leaf(bins.AsSpan(row), 2 * TreeBlock.Rows, nodes.ToArray(), categories.ToArray())];
        var questions = TreeBlock.Questions(nodes.ToArray(), Columns);
        foreach (var isWide in (bool[])[true, false])
        {
            foreach (var rows in (int[])[TreeBlock.Rows, 65, 64, 1])
            {
                var sums = new float[TreeBlock.Rows];
                sums.AsSpan().Fill(0.5f);
                TreeBlock.Add(bins, questions, categories.ToArray(), values, TreeBlock.Memory(nodeCount), sums, rows, isWide);
                Assert.Equal(expected[..rows], sums[..rows]);
            }
        }
    }

    [Fact]
    public void A_question_that_leads_nowhere_or_back_is_refused()
    {
        foreach (var node in (TreeNode[])[new(5, 1, 0, 0, 1, -1), new(-1, 1, 0, 0, 1, -1), new(0, 1, 2, 0, 1, -1), new(0, 1, 0, TreeBlock.FirstNode, 1, -1), new(0, 1, 0, 0, TreeBlock.FirstNode + 1, -1), new(0, 1, 0, -1, 1, -1), new(0, 1, 0, 0, TreeBlock.Leaves, -1)])
            Assert.Throws<ArgumentException>(() => TreeBlock.Questions([node], 5));
    }
}
