using System.Runtime.InteropServices;
using Volna.Kernels;

namespace Volna.Learning.Trees;

/// <summary>A tree as it was grown: its questions, each before those it leads to, the sets of categories they ask for, and the leaves' values.</summary>
sealed record GrownTree(TreeNode[] Nodes, ulong[] Categories, float[] Values);

/// <summary>
/// Grows one tree after the other, always splitting the leaf that gains most (as LightGBM does; Ke and others, "LightGBM: A Highly Efficient Gradient Boosting
/// Decision Tree", 2017). A leaf's histogram is added up for the smaller half of a split only; the larger half's is what is left of the parent's. Derivatives are
/// rounded to whole numbers before they are added (Shi and others, "Quantized Training of Gradient Boosting Decision Trees", 2022), here to about 1/1000 of their mean
/// with a million rows, so that differences are exact and no order of adding changes a bit. Gain and value of a leaf are those of XGBoost (Chen and Guestrin, 2016):
/// -G / (H + lambda), within bounds that keep to the columns' directions: a split in such a column bounds its halves by the mean of their values.
/// </summary>
sealed class TreeGrowth
{
    /// <summary>Rows of a leaf from which on the groups of columns are added by several threads.</summary>
    const int ParallelRows = 4_096;

    /// <summary>Added to the second derivatives of a category before categories are sorted by their mean gradient, and to the penalty of such a split.</summary>
    const double CategorySmoothing = 10;

    readonly TreeRows _rows;
    readonly ColumnKind[] _columns;
    readonly TreeOptions _options;
    readonly ParallelOptions _parallel;
    readonly int[] _order, _aside;
    readonly long[] _gradients, _ordered;
    readonly long[][] _sums;
    readonly Leaf[] _leaves;
    readonly bool _bounded;
    double _firstUnit, _secondUnit;

    public TreeGrowth(TreeRows rows, ColumnKind[] columns, int rowCount, TreeOptions options, ParallelOptions parallel)
    {
        (_rows, _columns, _options, _parallel) = (rows, columns, options, parallel);
        (_order, _aside) = (new int[rowCount], new int[rowCount]);
        (_gradients, _ordered) = (new long[rowCount], new long[rowCount]);
        _sums = new long[options.Leaves][];
        _leaves = new Leaf[options.Leaves];
        _bounded = columns.Any(column => column is ColumnKind.Rising or ColumnKind.Falling);
    }

    /// <summary>A leaf while the tree grows.</summary>
    struct Leaf
    {
        public int Start, Count;
        public long Sum;
        public double Lower, Upper, Value;

        /// <summary>The node and side that lead to it; -1 for the root.</summary>
        public int Parent;
        public bool IsRight;
        public Split Best;
    }

    struct Split
    {
        public double Gain;
        public int Column;
        public byte Most, MissingRight;
        public long LeftSum;

        /// <summary>Bins that go left, of a column of categories.</summary>
        public ulong Set0, Set1, Set2, Set3;
    }

    /// <summary>Grows a tree and adds its values to the scores.</summary>
    /// <returns>Null if no split gains anything.</returns>
    public GrownTree? Grow(float[] first, float[] second, float[] scores)
    {
        Round(first, second);
        var nodes = new List<TreeNode>();
        var categories = new List<ulong>();
        _leaves[0] = new Leaf { Count = _order.Length, Lower = double.NegativeInfinity, Upper = double.PositiveInfinity, Parent = -1 };
        for (var row = 0; row < _order.Length; row++)
        {
            _order[row] = row;
            _leaves[0].Sum += _gradients[row];
        }

        _leaves[0].Value = Value(_leaves[0].Sum, _leaves[0]);
        AddUp(0);
        FindSplit(ref _leaves[0], 0);
        var leaves = 1;
        while (leaves < _options.Leaves)
        {
            var best = 0;
            for (var leaf = 1; leaf < leaves; leaf++)
                if (_leaves[leaf].Best.Gain > _leaves[best].Best.Gain) best = leaf;
            if (!(_leaves[best].Best.Gain > 0)) break;
            Divide(best, leaves++, nodes, categories);
        }

        if (nodes.Count == 0) return null;
        // Up to 32 values are looked up in registers.
        var values = new float[leaves <= 32 ? 32 : leaves];
        for (var leaf = 0; leaf < leaves; leaf++)
        {
            values[leaf] = (float)(_leaves[leaf].Value * _options.LearningRate);
            foreach (var row in _order.AsSpan(_leaves[leaf].Start, _leaves[leaf].Count)) scores[row] += values[leaf];
        }

        return new GrownTree([.. nodes], [.. categories], values);
    }

    /// <summary>Makes the derivatives whole numbers, of such units that their sums fit into half a word.</summary>
    void Round(float[] first, float[] second)
    {
        const int ChunkRows = 65_536;
        double firstSum = 0, secondSum = 0;
        foreach (var (one, two) in Chunks.Map(first.Length, ChunkRows, _parallel, (start, end) =>
        {
            double one = 0, two = 0;
            for (var row = start; row < end; row++) (one, two) = (one + Math.Abs(first[row]), two + second[row]);
            return (one, two);
        })) (firstSum, secondSum) = (firstSum + one, secondSum + two);
        _firstUnit = Math.Max(firstSum, 1e-30) / (1 << 30);
        _secondUnit = Math.Max(secondSum, 1e-30) / (1 << 30);
        Chunks.Map(first.Length, ChunkRows, _parallel, (start, end) =>
        {
            GradientSums.Pack(first.AsSpan(start..end), second.AsSpan(start..end), (float)(1 / _firstUnit), (float)(1 / _secondUnit), _gradients.AsSpan(start..end));
            return 0;
        });
    }

    void AddUp(int leaf)
    {
        var sums = _sums[leaf] ??= new long[_rows.Groups * GradientSums.Columns * GradientSums.Bins];
        Array.Clear(sums);
        var (start, count) = (_leaves[leaf].Start, _leaves[leaf].Count);
        GradientSums.Gather(_gradients, _order.AsSpan(start, count), _ordered.AsSpan(start, count));
        if (count < ParallelRows || _parallel.MaxDegreeOfParallelism == 1)
            for (var group = 0; group < _rows.Groups; group++) AddGroup(group);
        else Parallel.For(0, _rows.Groups, _parallel, AddGroup);

        void AddGroup(int group) => GradientSums.Add(
            _rows.Bins[group], _order.AsSpan(start, count), _ordered.AsSpan(start, count),
            sums.AsSpan(group * GradientSums.Columns * GradientSums.Bins, GradientSums.Columns * GradientSums.Bins));
    }

    void Divide(int leaf, int added, List<TreeNode> nodes, List<ulong> categories)
    {
        var parent = _leaves[leaf];
        var split = parent.Best;
        var isCategory = _columns[split.Column] == ColumnKind.Category;
        if (parent.Parent >= 0)
        {
            var above = nodes[parent.Parent];
            var place = (short)(TreeBlock.FirstNode + nodes.Count);
            nodes[parent.Parent] = parent.IsRight ? above with { Right = place } : above with { Left = place };
        }

        var node = new TreeNode((short)split.Column, (byte)(split.Most - split.MissingRight), split.MissingRight, (short)leaf, (short)added, isCategory ? categories.Count / 4 : -1);
        nodes.Add(node);
        if (isCategory) categories.AddRange([split.Set0, split.Set1, split.Set2, split.Set3]);

        var leftCount = TreePartition.Divide(
            _rows.Bins[split.Column / GradientSums.Columns], 8 * (split.Column % GradientSums.Columns), node, CollectionsMarshal.AsSpan(categories),
            _order.AsSpan(parent.Start, parent.Count), _aside.AsSpan(0, parent.Count));
        var left = new Leaf { Start = parent.Start, Count = leftCount, Sum = split.LeftSum, Lower = parent.Lower, Upper = parent.Upper, Parent = nodes.Count - 1 };
        var right = left with { Start = parent.Start + leftCount, Count = parent.Count - leftCount, Sum = parent.Sum - split.LeftSum, IsRight = true };
        (left.Value, right.Value) = (Value(left.Sum, parent), Value(right.Sum, parent));
        if (_columns[split.Column] is ColumnKind.Rising or ColumnKind.Falling)
        {
            var middle = (left.Value + right.Value) / 2;
            if (_columns[split.Column] == ColumnKind.Rising) (left.Upper, right.Lower) = (middle, middle);
            else (left.Lower, right.Upper) = (middle, middle);
        }

        (_leaves[leaf], _leaves[added]) = (left, right);
        // The smaller half is added up; the larger one takes over the parent's sums, less those.
        var (small, large) = left.Count <= right.Count ? (leaf, added) : (added, leaf);
        if (large != leaf) (_sums[leaf], _sums[added]) = (_sums[added], _sums[leaf]);
        AddUp(small);
        GradientSums.Subtract(_sums[large], _sums[small]);
        FindSplit(ref _leaves[leaf], leaf);
        FindSplit(ref _leaves[added], added);
    }

    double Value(long sum, in Leaf bounds)
    {
        var (first, second) = GradientSums.Unpack(sum);
        return Math.Clamp(-first * _firstUnit / ((second * _secondUnit) + _options.Regularization), bounds.Lower, bounds.Upper);
    }

    void FindSplit(ref Leaf leaf, int place)
    {
        leaf.Best = default;
        for (var column = 0; column < _columns.Length; column++)
        {
            var sums = _sums[place].AsSpan(column * GradientSums.Bins, GradientSums.Bins);
            if (_columns[column] == ColumnKind.Category) SplitCategories(ref leaf, column, sums);
            else SplitNumbers(ref leaf, column, sums);
        }
    }

    void SplitNumbers(ref Leaf leaf, int column, ReadOnlySpan<long> sums)
    {
        var missing = sums[0];
        var alone = Score(leaf.Sum, leaf);
        var last = sums.LastIndexOfAnyExcept(0L);
        long left = 0;
        for (var bin = 1; bin < last; bin++)
        {
            if (sums[bin] == 0) continue;
            left += sums[bin];
            Try(ref leaf, column, bin, left, 1, alone);
            if (missing != 0) Try(ref leaf, column, bin, left + missing, 0, alone);
        }

        // All that is there against what is missing.
        if (missing != 0 && last > 0) Try(ref leaf, column, byte.MaxValue, leaf.Sum - missing, 1, alone);
        // Where nothing was missing, it goes with the larger half.
        if (leaf.Best.Column == column && missing == 0 && leaf.Best.Gain > 0)
            leaf.Best.MissingRight = (byte)(GradientSums.Unpack(leaf.Best.LeftSum).Second * 2.0 > GradientSums.Unpack(leaf.Sum).Second ? 0 : 1);
    }

    void Try(ref Leaf leaf, int column, int bin, long left, byte missingRight, double alone)
    {
        var gain = Gain(leaf, left, _options.Regularization, column) - alone;
        if (gain > leaf.Best.Gain + 1e-9) leaf.Best = new Split { Gain = gain, Column = column, Most = (byte)bin, MissingRight = missingRight, LeftSum = left };
    }

    /// <summary>Categories by their mean gradient; the first so many of them go left (Fisher, "On grouping for maximum homogeneity", 1958).</summary>
    void SplitCategories(ref Leaf leaf, int column, ReadOnlySpan<long> sums)
    {
        var bins = new List<(double Mean, int Bin)>();
        for (var bin = 0; bin < sums.Length; bin++)
        {
            if (sums[bin] == 0) continue;
            var (first, second) = GradientSums.Unpack(sums[bin]);
            bins.Add((first * _firstUnit / ((second * _secondUnit) + CategorySmoothing), bin));
        }

        bins.Sort();
        var alone = Score(leaf.Sum, leaf);
        Span<ulong> set = stackalloc ulong[4];
        set.Clear();
        long left = 0;
        for (var i = 0; i + 1 < bins.Count; i++)
        {
            var bin = bins[i].Bin;
            left += sums[bin];
            set[bin >> 6] |= 1UL << (bin & 63);
            var gain = Gain(leaf, left, _options.Regularization + CategorySmoothing, column) - alone;
            if (gain > leaf.Best.Gain + 1e-9)
                leaf.Best = new Split { Gain = gain, Column = column, LeftSum = left, Set0 = set[0], Set1 = set[1], Set2 = set[2], Set3 = set[3] };
        }
    }

    /// <summary>What both halves are worth; less than nothing if one is too small or they go against the column's direction.</summary>
    double Gain(in Leaf leaf, long left, double regularization, int column)
    {
        var (leftFirst, leftSecond) = GradientSums.Unpack(left);
        var (rightFirst, rightSecond) = GradientSums.Unpack(leaf.Sum - left);
        double g = leftFirst * _firstUnit, h = leftSecond * _secondUnit, otherG = rightFirst * _firstUnit, otherH = rightSecond * _secondUnit;
        if (h < _options.LeastWeight || otherH < _options.LeastWeight) return double.NegativeInfinity;
        if (!_bounded) return (g * g / (h + regularization)) + (otherG * otherG / (otherH + regularization));
        var value = Math.Clamp(-g / (h + regularization), leaf.Lower, leaf.Upper);
        var other = Math.Clamp(-otherG / (otherH + regularization), leaf.Lower, leaf.Upper);
        if ((_columns[column] == ColumnKind.Rising && value > other) || (_columns[column] == ColumnKind.Falling && value < other)) return double.NegativeInfinity;
        return -(value * ((2 * g) + ((h + regularization) * value))) - (other * ((2 * otherG) + ((otherH + regularization) * other)));
    }

    double Score(long sum, in Leaf leaf)
    {
        var (first, second) = GradientSums.Unpack(sum);
        double g = first * _firstUnit, h = (second * _secondUnit) + _options.Regularization;
        if (!_bounded) return g * g / h;
        var value = Value(sum, leaf);
        return -(value * ((2 * g) + (h * value)));
    }
}
