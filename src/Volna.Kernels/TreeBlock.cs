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

/// <summary>A question made ready for <see cref="TreeBlock.Add"/>: where its column's bins, the answers on its left and on its right stand in memory.</summary>
public readonly record struct TreeQuestion(int Bins, int Left, int Right, int Categories, byte Most);

/// <summary>
/// Which leaf of a tree each of 128 rows comes to. The questions are answered from the last to the first, for all rows at once: each takes the leaf found on its
/// left or on its right. So no row waits for a jump, and a comparison serves 64 rows.
/// </summary>
public static class TreeBlock
{
    /// <summary>Rows together, and the most leaves of a tree.</summary>
    public const int Rows = 128, Leaves = 256;

    /// <summary>Where questions are numbered from.</summary>
    public const int FirstNode = Leaves + 32;

    /// <summary>
    /// Where the answers start in memory: half a page more than the leaves take, else an answer's place would be whole pages after a leaf's, which the processor
    /// takes for the same place at first.
    /// </summary>
    const int FirstAnswer = (Leaves * Rows) + 2048;

    /// <summary>Bytes of memory that <see cref="Add"/> needs for trees with so many questions; the first part is filled here.</summary>
    public static byte[] Memory(int nodes)
    {
        var memory = new byte[MemoryLength(nodes)];
        for (var leaf = 0; leaf < Leaves; leaf++) memory.AsSpan(leaf * Rows, Rows).Fill((byte)leaf);
        return memory;
    }

    public static int MemoryLength(int nodes) => FirstAnswer + (nodes * Rows);

    /// <summary>Fills a column's second half.</summary>
    /// <param name="bins">128 of the column, and room for as many.</param>
    public static void LessOne(Span<byte> bins)
    {
        ref var bin = ref bins[(2 * Rows) - 1];
        bin = ref MemoryMarshal.GetReference(bins);
        for (nuint row = 0; row < Rows; row += (nuint)Vector256<byte>.Count)
            (Vector256.LoadUnsafe(ref bin, row) - Vector256<byte>.One).StoreUnsafe(ref bin, Rows + row);
    }

    /// <summary>The questions of a tree as <see cref="Add"/> takes them.</summary>
    /// <param name="nodes">Each before those it leads to.</param>
    /// <exception cref="ArgumentException">A question asks for no column, or leads to no leaf and no later question.</exception>
    public static TreeQuestion[] Questions(ReadOnlySpan<TreeNode> nodes, int columns)
    {
        var questions = new TreeQuestion[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = nodes[i];
            if (node.Column < 0 || node.Column >= columns || node.MissingRight > 1 || !LeadsOn(node.Left, i, nodes.Length) || !LeadsOn(node.Right, i, nodes.Length))
                throw new ArgumentException($"Question {i} of {nodes.Length} asks for column {node.Column} of {columns} and leads to {node.Left} and {node.Right}.");
            var half = node.Categories >= 0 ? 0 : node.MissingRight;
            questions[i] = new TreeQuestion(((2 * node.Column) + half) * Rows, At(node.Left), At(node.Right), node.Categories, node.Most);
        }

        return questions;

        static bool LeadsOn(short place, int from, int count) => place is >= 0 and < Leaves || (place > FirstNode + from && place < FirstNode + count);
        static int At(short place) => place < FirstNode ? place * Rows : FirstAnswer + ((place - FirstNode) * Rows);
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
    /// <param name="bins">128 of the first column, the same less 1, then of the second, and so on.</param>
    /// <param name="questions">Of <see cref="Questions"/>; none for a tree of one leaf.</param>
    /// <param name="memory">Of <see cref="Memory"/>.</param>
    /// <param name="sums">128, of which the first <paramref name="rows"/> count.</param>
    /// <param name="isWide">False to do without the widest vectors where the processor has them, to compare.</param>
    public static void Add(
        ReadOnlySpan<byte> bins, ReadOnlySpan<TreeQuestion> questions, ReadOnlySpan<ulong> categories, ReadOnlySpan<float> values, Span<byte> memory, Span<float> sums,
        int rows = Rows, bool isWide = true)
    {
        if (sums.Length != Rows || rows > Rows || memory.Length < MemoryLength(questions.Length))
            throw new ArgumentException($"{rows} rows, {sums.Length} sums and {memory.Length} bytes of memory for {questions.Length} questions; {Rows} sums are expected.");
        if (isWide && Avx512BW.IsSupported) Answer512(bins, questions, categories, memory, rows);
        else Answer256(bins, questions, categories, memory, rows);
        var leaves = memory.Slice(questions.IsEmpty ? 0 : FirstAnswer, Rows);
        if (isWide && Avx512F.IsSupported && values.Length == 32) AddValues512(leaves, values, sums, rows);
        else
            for (var row = 0; row < rows; row++) sums[row] += values[leaves[row]];
    }

    static void Answer256(ReadOnlySpan<byte> bins, ReadOnlySpan<TreeQuestion> questions, ReadOnlySpan<ulong> categories, Span<byte> memory, int rows)
    {
        ref var found = ref MemoryMarshal.GetReference(memory);
        for (var i = questions.Length - 1; i >= 0; i--)
        {
            ref readonly var question = ref questions[i];
            var to = (nuint)(FirstAnswer + (i * Rows));
            if (question.Categories >= 0)
            {
                AnswerOneByOne(bins, question, categories, memory, (int)to);
                continue;
            }

            ref var bin = ref MemoryMarshal.GetReference(bins.Slice(question.Bins, Rows));
            var most = Vector256.Create(question.Most);
            for (nuint row = 0; row < (nuint)rows; row += (nuint)Vector256<byte>.Count)
            {
                var goesLeft = Vector256.LessThanOrEqual(Vector256.LoadUnsafe(ref bin, row), most);
                Vector256.ConditionalSelect(goesLeft, Vector256.LoadUnsafe(ref found, (nuint)question.Left + row), Vector256.LoadUnsafe(ref found, (nuint)question.Right + row)).StoreUnsafe(ref found, to + row);
            }
        }
    }

    static unsafe void Answer512(ReadOnlySpan<byte> bins, ReadOnlySpan<TreeQuestion> questions, ReadOnlySpan<ulong> categories, Span<byte> memory, int rows)
    {
        var both = rows > Rows / 2;
        fixed (byte* from = bins, found = memory)
        {
            for (var i = questions.Length - 1; i >= 0; i--)
            {
                ref readonly var question = ref questions[i];
                var to = found + FirstAnswer + (i * Rows);
                if (question.Categories >= 0)
                {
                    AnswerOneByOne(bins, question, categories, memory, FirstAnswer + (i * Rows));
                    continue;
                }

                if (question.Bins + Rows > bins.Length) throw new ArgumentException($"The bins of a question start at {question.Bins} of {bins.Length}.");
                byte* own = from + question.Bins, left = found + question.Left, right = found + question.Right;
                var most = Vector512.Create(question.Most);
                Avx512BW.BlendVariable(Vector512.Load(right), Vector512.Load(left), Avx512BW.CompareLessThanOrEqual(Vector512.Load(own), most)).Store(to);
                if (both) Avx512BW.BlendVariable(Vector512.Load(right + 64), Vector512.Load(left + 64), Avx512BW.CompareLessThanOrEqual(Vector512.Load(own + 64), most)).Store(to + 64);
            }
        }
    }

    static void AnswerOneByOne(ReadOnlySpan<byte> bins, in TreeQuestion question, ReadOnlySpan<ulong> categories, Span<byte> memory, int to)
    {
        var own = bins.Slice(question.Bins, Rows);
        var set = categories.Slice(question.Categories * 4, 4);
        for (var row = 0; row < Rows; row++) memory[to + row] = memory[((set[own[row] >> 6] >> (own[row] & 63) & 1) == 0 ? question.Right : question.Left) + row];
    }

    static bool GoesRight(byte bin, in TreeNode node, ReadOnlySpan<ulong> categories) => node.Categories >= 0
        ? (categories[(node.Categories * 4) + (bin >> 6)] >> (bin & 63) & 1) == 0
        : (byte)(bin - node.MissingRight) > node.Most;

    /// <summary>The values of all 32 leaves are in two registers, and a shuffle looks up sixteen of them.</summary>
    static void AddValues512(ReadOnlySpan<byte> leaves, ReadOnlySpan<float> values, Span<float> sums, int rows)
    {
        ref var leaf = ref MemoryMarshal.GetReference(leaves);
        ref var sum = ref MemoryMarshal.GetReference(sums);
        var low = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values));
        var high = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), 16);
        for (nuint row = 0; row < (nuint)rows; row += 16)
        {
            var places = Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(ref leaf, row));
            Avx512F.Add(Vector512.LoadUnsafe(ref sum, row), Avx512F.PermuteVar16x32x2(low, places, high)).StoreUnsafe(ref sum, row);
        }
    }
}
