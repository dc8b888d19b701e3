using Volna.Kernels;

namespace Volna.Learning.Trees;

/// <summary>
/// Gradient-boosted trees over bins (see <see cref="TreeGrowth"/>). Immutable; the same table and options give the same trees on any number of threads.
/// </summary>
public sealed class BoostedTrees
{
    const int Format = 1;
    const string Kind = "trees";

    readonly TreeBins _bins;
    readonly float _start;
    readonly TreeNode[] _nodes;
    readonly ulong[] _categories;
    readonly float[] _values;

    /// <summary>Of each tree where its questions, sets of categories and values start; three numbers, and three more at the end.</summary>
    readonly int[] _starts;

    readonly TreeQuestion[] _questions;
    readonly int _mostNodes;

    BoostedTrees(TreeBins bins, float start, TreeNode[] nodes, ulong[] categories, float[] values, int[] starts)
    {
        (_bins, _start, _nodes, _categories, _values, _starts) = (bins, start, nodes, categories, values, starts);
        _questions = new TreeQuestion[nodes.Length];
        for (var tree = 0; tree < Count; tree++)
        {
            TreeBlock.Questions(NodesOf(tree), Columns).CopyTo(_questions, starts[tree * 3]);
            _mostNodes = Math.Max(_mostNodes, NodesOf(tree).Length);
        }
    }

    /// <summary>How many trees there are.</summary>
    public int Count => (_starts.Length / 3) - 1;

    public int Columns => _bins.Columns.Length;

    /// <param name="held">Rows to judge by after each tree; trees after the best one are dropped. Null to grow all.</param>
    /// <exception cref="BadInputException">All labels are alike.</exception>
    public static BoostedTrees Fit(TreeTable table, TreeTable? held, TreeOptions options, ParallelOptions parallel)
    {
        if (options.Leaves is < 2 or > TreeBlock.Leaves || options.Bins is < 2 or > Binning.MostEnds) throw new ArgumentException($"{options.Leaves} leaves or {options.Bins} bins are out of range.");
        table.Check(options.Loss);
        held?.Check(options.Loss);
        table.CheckLabels(options.Loss);
        var bins = TreeBins.Of(table, options.Bins, parallel);
        var start = options.Loss == TreeLoss.Logistic && table.Starts.Length == 0 ? BaseRate(table.Labels) : 0;
        var growth = new TreeGrowth(TreeRows.Of(table, bins, parallel), table.Columns, table.Rows, options, parallel);
        float[] scores = new float[table.Rows], first = new float[table.Rows], second = new float[table.Rows];
        scores.AsSpan().Fill(start);
        table.Starts.CopyTo(scores, 0);
        var heldScores = new float[held?.Rows ?? 0];
        heldScores.AsSpan().Fill(start);
        held?.Starts.CopyTo(heldScores, 0);
        var heldBlocks = held is null ? [] : Blocks(held, bins);
        var memory = new TreeMemory();
        var (best, bestLoss) = (0, held is null ? 0 : TreeGradients.Loss(held, options, heldScores));
        var trees = new List<GrownTree>();
        while (trees.Count < options.Trees && (held is null || trees.Count < best + options.Patience))
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            TreeGradients.Of(table, options, scores, first, second, parallel);
            if (growth.Grow(first, second, scores) is not { } tree) break;
            trees.Add(tree);
            if (held is null) continue;
            var alone = Of(bins, 0, [tree]);
            var (_, answers) = memory.For(0, alone._mostNodes);
            for (var block = 0; block < heldBlocks.Length; block++)
                alone.AddTo(heldBlocks[block], heldScores.AsSpan(block * TreeBlock.Rows, Math.Min(TreeBlock.Rows, heldScores.Length - (block * TreeBlock.Rows))), answers);
            if (TreeGradients.Loss(held, options, heldScores) is var loss && loss < bestLoss) (best, bestLoss) = (trees.Count, loss);
        }

        return Of(bins, start, held is null ? trees : trees.GetRange(0, best));
    }

    static byte[][] Blocks(TreeTable table, TreeBins bins) =>
    [
        .. Enumerable.Range(0, (table.Rows + TreeBlock.Rows - 1) / TreeBlock.Rows).Select(block =>
        {
            var (row, columns) = (block * TreeBlock.Rows, table.Columns.Length);
            var found = new byte[2 * columns * TreeBlock.Rows];
            bins.FindBlock(table.Values.AsSpan(row * columns), Math.Min(TreeBlock.Rows, table.Rows - row), found);
            return found;
        }),
    ];

    static float BaseRate(float[] labels)
    {
        var mean = labels.Average(label => (double)label);
        return (float)Math.Log(mean / (1 - mean));
    }

    static BoostedTrees Of(TreeBins bins, float start, IReadOnlyList<GrownTree> trees)
    {
        var starts = new List<int> { 0, 0, 0 };
        foreach (var tree in trees) starts.AddRange([starts[^3] + tree.Nodes.Length, starts[^2] + tree.Categories.Length, starts[^1] + tree.Values.Length]);
        return new BoostedTrees(
            bins, start, [.. trees.SelectMany(tree => tree.Nodes)], [.. trees.SelectMany(tree => tree.Categories)], [.. trees.SelectMany(tree => tree.Values)], [.. starts]);
    }

    /// <summary>The scores of rows: log odds, or what an order is made of.</summary>
    /// <param name="values">Row after row.</param>
    public void Score(ReadOnlySpan<float> values, Span<float> scores)
    {
        if (values.Length != (long)scores.Length * Columns) throw new ArgumentException($"{values.Length} numbers aren't {scores.Length} rows of {Columns} columns.");
        scores.Fill(_start);
        AddTo(values, scores, new TreeMemory());
    }

    /// <summary>Adds the trees' values to scores that start from elsewhere, as in <see cref="TreeTable.Starts"/>.</summary>
    internal void AddTo(ReadOnlySpan<float> values, Span<float> scores, TreeMemory room)
    {
        var (bins, memory) = room.For(Columns, _mostNodes);
        for (var row = 0; row < scores.Length; row += TreeBlock.Rows)
        {
            var own = scores[row..Math.Min(row + TreeBlock.Rows, scores.Length)];
            _bins.FindBlock(values[(row * Columns)..], own.Length, bins);
            AddTo(bins, own, memory);
        }
    }

    void AddTo(byte[] block, Span<float> scores, byte[] memory)
    {
        Span<float> sums = stackalloc float[TreeBlock.Rows];
        sums.Clear();
        scores.CopyTo(sums);
        for (var tree = 0; tree < Count; tree++) TreeBlock.Add(block, QuestionsOf(tree), CategoriesOf(tree), ValuesOf(tree), memory, sums, scores.Length);
        sums[..scores.Length].CopyTo(scores);
    }

    /// <summary>One row after the other, one question after the other: the definition.</summary>
    public void ScorePlain(ReadOnlySpan<float> values, Span<float> scores)
    {
        var bins = new byte[Columns];
        for (var row = 0; row < scores.Length; row++)
        {
            for (var column = 0; column < Columns; column++) _bins.Find(values, row, column, bins.AsSpan(column, 1));
            scores[row] = _start;
            for (var tree = 0; tree < Count; tree++) scores[row] += ValuesOf(tree)[TreeBlock.Leaf(bins, 1, NodesOf(tree), CategoriesOf(tree))];
        }
    }

    ReadOnlySpan<TreeQuestion> QuestionsOf(int tree) => _questions.AsSpan(_starts[tree * 3].._starts[(tree * 3) + 3]);

    ReadOnlySpan<TreeNode> NodesOf(int tree) => _nodes.AsSpan(_starts[tree * 3].._starts[(tree * 3) + 3]);

    ReadOnlySpan<ulong> CategoriesOf(int tree) => _categories.AsSpan(_starts[(tree * 3) + 1].._starts[(tree * 3) + 4]);

    ReadOnlySpan<float> ValuesOf(int tree) => _values.AsSpan(_starts[(tree * 3) + 2].._starts[(tree * 3) + 5]);

    public byte[] Save() => new ModelBytes(Kind, Format)
        .Add<int>([.. _bins.Columns.Select(column => (int)column)]).Add<float>(_bins.Ends).Add<float>([_start])
        .Add<TreeNode>(_nodes).Add<ulong>(_categories).Add<float>(_values).Add<int>(_starts).Finish();

    /// <param name="file">For messages.</param>
    /// <exception cref="BadInputException">The bytes are damaged, or those of another model or format.</exception>
    public static BoostedTrees Load(ReadOnlySpan<byte> bytes, string file)
    {
        var reader = new ModelBytes.Reader(bytes, Kind, Format, file);
        var bins = new TreeBins([.. reader.Take<int>().Select(column => (ColumnKind)column)], reader.Take<float>());
        var start = reader.Take<float>()[0];
        return new BoostedTrees(bins, start, reader.Take<TreeNode>(), reader.Take<ulong>(), reader.Take<float>(), reader.Take<int>());
    }
}
