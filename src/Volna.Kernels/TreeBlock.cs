using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Volna.Kernels;

/// <summary>A question of a tree: which way a row goes on.</summary>
/// <param name="Column">Whose bin is asked about.</param>
/// <param name="Most">The highest bin that goes left, less <paramref name="MissingRight"/>; of no account where there are categories.</param>
/// <param name="MissingRight">1 if bin 0 goes right, else 0: 1 is taken from each bin, and what is below 0 counts as 255.</param>
/// <param name="Left">A leaf by its number, or a later question by its number plus <see cref="TreeBlock.FirstNode"/>.</param>
/// <param name="Categories">Number of the set of bins that go left, or -1.</param>
public readonly record struct TreeNode(short Column, byte Most, byte MissingRight, short Left, short Right, int Categories);

/// <summary>
/// Which leaf of a tree each of 64 rows comes to. The questions are answered from the last to the first, for all rows at once: each takes the leaf found on its
/// left or on its right. So no row waits for a jump, and a comparison serves 32 rows.
/// </summary>
public static class TreeBlock
{
    /// <summary>Rows together, and the most leaves of a tree.</summary>
    public const int Rows = 64, Leaves = 256;

    /// <summary>
    /// Where questions are numbered from. Were it 256, an answer's place in memory would be whole pages after a leaf's, which the processor takes for the same place at first.
    /// </summary>
    public const int FirstNode = Leaves + 32;

    /// <summary>Numbers of memory that <see cref="Add"/> needs for trees with so many questions; the first part is filled here.</summary>
    public static byte[] Memory(int nodes)
    {
        var memory = new byte[(FirstNode + nodes) * Rows];
        for (var leaf = 0; leaf < Leaves; leaf++) memory.AsSpan(leaf * Rows, Rows).Fill((byte)leaf);
        return memory;
    }

    /// <summary>Fills a column's second half.</summary>
    /// <param name="bins">64 of the column, and room for as many.</param>
    public static void LessOne(Span<byte> bins)
    {
        for (var row = 0; row < Rows; row++) bins[Rows + row] = (byte)(bins[row] - 1);
    }

    /// <summary>The leaf of one row; the definition.</summary>
    /// <param name="bins">Of the row, <paramref name="step"/> places from one column's to the next one's.</param>
    /// <param name="categories">Sets of bins, four words each.</param>
    public static int Leaf(ReadOnlySpan<byte> bins, int step, ReadOnlySpan<TreeNode> nodes, ReadOnlySpan<ulong> categories)
    {
        if (nodes.IsEmpty) return 0;
        var at = FirstNode;
        while (at >= FirstNode)
        {
            ref readonly var node = ref nodes[at - FirstNode];
            at = GoesRight(bins[node.Column * step], node, categories) ? node.Right : node.Left;
        }

        return at;
    }

    /// <summary>Adds to each row's sum the value of its leaf.</summary>
    /// <param name="bins">64 of the first column, the same less 1, then of the second, and so on.</param>
    /// <param name="nodes">Each before those it leads to; none for a tree of one leaf.</param>
    /// <param name="memory">Of <see cref="Memory"/>.</param>
    /// <param name="isWide">False to do without the widest vectors where the processor has them, to compare.</param>
    public static void Add(
        ReadOnlySpan<byte> bins, ReadOnlySpan<TreeNode> nodes, ReadOnlySpan<ulong> categories, ReadOnlySpan<float> values, Span<byte> memory, Span<float> sums, bool isWide = true)
    {
        if (sums.Length != Rows || memory.Length < (FirstNode + nodes.Length) * Rows)
            throw new ArgumentException($"{sums.Length} sums and {memory.Length} bytes of memory for {nodes.Length} questions; {Rows} sums are expected.");
        if (isWide && Avx512BW.IsSupported) Answer512(bins, nodes, categories, memory);
        else Answer256(bins, nodes, categories, memory);
        var leaves = memory.Slice(nodes.IsEmpty ? 0 : FirstNode * Rows, Rows);
        if (isWide && Avx512F.IsSupported && values.Length == 32) AddValues512(leaves, values, sums);
        else
            for (var row = 0; row < Rows; row++) sums[row] += values[leaves[row]];
    }

    static void Answer256(ReadOnlySpan<byte> bins, ReadOnlySpan<TreeNode> nodes, ReadOnlySpan<ulong> categories, Span<byte> memory)
    {
        ref var found = ref MemoryMarshal.GetReference(memory);
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            ref readonly var node = ref nodes[i];
            nuint to = (nuint)((FirstNode + i) * Rows), left = (nuint)node.Left * Rows, right = (nuint)node.Right * Rows;
            if (node.Categories >= 0)
            {
                AnswerOneByOne(bins, node, categories, memory, (int)to);
                continue;
            }

            ref var bin = ref MemoryMarshal.GetReference(bins.Slice(((2 * node.Column) + node.MissingRight) * Rows, Rows));
            var most = Vector256.Create(node.Most);
            for (nuint half = 0; half < Rows; half += (nuint)Vector256<byte>.Count)
            {
                var goesLeft = Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref bin, half), most);
                Vector256.ConditionalSelect(goesLeft, Vector256.LoadUnsafe(ref found, left + half), Vector256.LoadUnsafe(ref found, right + half)).StoreUnsafe(ref found, to + half);
            }
        }
    }

    static void Answer512(ReadOnlySpan<byte> bins, ReadOnlySpan<TreeNode> nodes, ReadOnlySpan<ulong> categories, Span<byte> memory)
    {
        ref var found = ref MemoryMarshal.GetReference(memory);
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            ref readonly var node = ref nodes[i];
            var to = (FirstNode + i) * Rows;
            if (node.Categories >= 0)
            {
                AnswerOneByOne(bins, node, categories, memory, to);
                continue;
            }

            var own = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(bins.Slice(((2 * node.Column) + node.MissingRight) * Rows, Rows)));
            var goesLeft = Avx512BW.CompareLessThanOrEqual(own, Vector512.Create(node.Most));
            Avx512BW.BlendVariable(Vector512.LoadUnsafe(ref found, (nuint)node.Right * Rows), Vector512.LoadUnsafe(ref found, (nuint)node.Left * Rows), goesLeft).StoreUnsafe(ref found, (nuint)to);
        }
    }

    static void AnswerOneByOne(ReadOnlySpan<byte> bins, in TreeNode node, ReadOnlySpan<ulong> categories, Span<byte> memory, int to)
    {
        var own = bins.Slice(2 * node.Column * Rows, Rows);
        for (var row = 0; row < Rows; row++) memory[to + row] = memory[((GoesRight(own[row], node, categories) ? node.Right : node.Left) * Rows) + row];
    }

    static bool GoesRight(byte bin, in TreeNode node, ReadOnlySpan<ulong> categories) => node.Categories >= 0
        ? (categories[(node.Categories * 4) + (bin >> 6)] >> (bin & 63) & 1) == 0
        : (byte)(bin - node.MissingRight) > node.Most;

    /// <summary>The values of all 32 leaves are in two registers, and a shuffle looks up sixteen of them.</summary>
    static void AddValues512(ReadOnlySpan<byte> leaves, ReadOnlySpan<float> values, Span<float> sums)
    {
        ref var leaf = ref MemoryMarshal.GetReference(leaves);
        ref var sum = ref MemoryMarshal.GetReference(sums);
        var low = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values));
        var high = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), 16);
        for (nuint row = 0; row < Rows; row += 16)
        {
            var places = Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(ref leaf, row));
            Avx512F.Add(Vector512.LoadUnsafe(ref sum, row), Avx512F.PermuteVar16x32x2(low, places, high)).StoreUnsafe(ref sum, row);
        }
    }
}
