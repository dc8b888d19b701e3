using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Volna.Kernels;

/// <summary>Rows shared out by a question of a tree: those that go left, then those that go right, each in their order.</summary>
public static class TreePartition
{
    /// <param name="bins">By row, a byte of which is the bin.</param>
    /// <param name="shift">Bits below that byte.</param>
    /// <param name="categories">Sets of bins, four words each.</param>
    /// <param name="rows">To share out.</param>
    /// <param name="aside">Memory, as many.</param>
    /// <returns>How many go left.</returns>
    public static int Divide(ReadOnlySpan<ulong> bins, int shift, in TreeNode node, ReadOnlySpan<ulong> categories, Span<int> rows, Span<int> aside)
    {
        if (aside.Length < rows.Length) throw new ArgumentException($"{rows.Length} rows have room for {aside.Length} aside.");
        int left = 0, right = 0;
        if (node.Categories >= 0)
        {
            var set = categories.Slice(node.Categories * 4, 4);
            foreach (var row in rows)
            {
                var bin = (byte)(bins[row] >> shift);
                if ((set[bin >> 6] >> (bin & 63) & 1) != 0) rows[left++] = row;
                else aside[right++] = row;
            }
        }
        else
        {
            ref var row = ref MemoryMarshal.GetReference(rows);
            ref var other = ref MemoryMarshal.GetReference(aside);
            for (var i = 0; i < rows.Length; i++)
            {
                // Written to both, and one of the places moves on: nothing to be guessed wrongly, and neither place is ever beyond i.
                var own = Unsafe.Add(ref row, i);
                var goesLeft = (byte)((byte)(bins[own] >> shift) - node.MissingRight) <= node.Most ? 1 : 0;
                Unsafe.Add(ref row, left) = own;
                Unsafe.Add(ref other, right) = own;
                left += goesLeft;
                right += 1 - goesLeft;
            }
        }

        aside[..right].CopyTo(rows[left..]);
        return left;
    }
}
