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
            var missingRight = node.MissingRight;
            var most = (byte)(node.Most - missingRight);
            foreach (var row in rows)
            {
                // Written to both, and one of the places moves on: nothing to be guessed wrongly.
                var goesLeft = (byte)((byte)(bins[row] >> shift) - missingRight) <= most ? 1 : 0;
                rows[left] = row;
                aside[right] = row;
                left += goesLeft;
                right += 1 - goesLeft;
            }
        }

        aside[..right].CopyTo(rows[left..]);
        return left;
    }
}
