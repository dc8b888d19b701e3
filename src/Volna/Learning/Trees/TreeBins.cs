using Volna.Kernels;

namespace Volna.Learning.Trees;

/// <summary>
/// How a table's values become bins: bin 0 is for what is missing, the others hold about equally many rows of a column of numbers, or one category each. Categories
/// beyond the most frequent ones, and those first seen when scoring, count as missing.
/// </summary>
/// <param name="Columns">Of what kind each is.</param>
/// <param name="Ends">Of each column a table for <see cref="Binning"/>; of a column of categories their numbers in ascending order.</param>
sealed record TreeBins(ColumnKind[] Columns, float[] Ends)
{
    /// <summary>Bins are made from about so many rows, chosen by chance where there are more.</summary>
    const int SampleRows = 200_000;

    public ReadOnlySpan<float> EndsOf(int column) => Ends.AsSpan(column * Binning.TableLength, Binning.TableLength);

    public static TreeBins Of(TreeTable table, int most, ParallelOptions parallel)
    {
        var rows = Sample(table.Rows);
        var ends = new float[table.Columns.Length * Binning.TableLength];
        ends.AsSpan().Fill(float.PositiveInfinity);
        Parallel.For(0, table.Columns.Length, parallel, column =>
        {
            var values = new float[rows.Length];
            var count = 0;
            foreach (var row in rows)
                if (table.Values[((long)row * table.Columns.Length) + column] is var value && !float.IsNaN(value)) values[count++] = value;
            Array.Sort(values, 0, count);
            var own = ends.AsSpan(column * Binning.TableLength, Binning.TableLength);
            if (table.Columns[column] == ColumnKind.Category) Categories(values.AsSpan(0, count), most, own);
            else Quantiles(values.AsSpan(0, count), most, own);
        });
        return new TreeBins(table.Columns, ends);
    }

    /// <summary>The bins of some rows in one column.</summary>
    public void Find(ReadOnlySpan<float> values, int firstRow, int column, Span<byte> bins)
    {
        var ends = EndsOf(column);
        if (Columns[column] != ColumnKind.Category)
        {
            Binning.Find(values, (firstRow * Columns.Length) + column, Columns.Length, ends, bins);
            return;
        }

        for (var row = 0; row < bins.Length; row++)
        {
            var value = values[((firstRow + row) * Columns.Length) + column];
            var place = float.IsFinite(value) ? ends.BinarySearch(value) : -1;
            bins[row] = place >= 0 ? (byte)(place + 1) : (byte)0;
        }
    }

    /// <summary>The bins of a block's rows as <see cref="TreeBlock"/> takes them, column after column.</summary>
    public void FindBlock(ReadOnlySpan<float> values, int rows, byte[] block)
    {
        for (var column = 0; column < Columns.Length; column++)
        {
            Find(values, 0, column, block.AsSpan(2 * column * TreeBlock.Rows, rows));
            TreeBlock.LessOne(block.AsSpan(2 * column * TreeBlock.Rows, 2 * TreeBlock.Rows));
        }
    }

    static int[] Sample(int rows)
    {
        if (rows <= SampleRows) return [.. Enumerable.Range(0, rows)];
        var chosen = new List<int>(SampleRows + (SampleRows / 8));
        for (var row = 0; row < rows; row++)
            if (new Draw(0, "bins", (ulong)row).NextBelow(rows) < SampleRows) chosen.Add(row);
        return [.. chosen];
    }

    /// <summary>Ends between different values, so that each bin holds about as many rows; a value with many rows has a bin for itself.</summary>
    static void Quantiles(ReadOnlySpan<float> sorted, int most, Span<float> ends)
    {
        var found = 0;
        var start = 0;
        while (start < sorted.Length && found + 1 < most)
        {
            var want = Math.Max(1, (sorted.Length - start) / (most - found));
            var at = start + want;
            if (at >= sorted.Length) break;
            // The end is a value of the sample itself: what equals it is left of it.
            var end = sorted[at - 1];
            while (at < sorted.Length && sorted[at] == end) at++;
            if (at == sorted.Length) break;
            ends[found++] = end;
            start = at;
        }
    }

    static void Categories(ReadOnlySpan<float> sorted, int most, Span<float> ends)
    {
        var counts = new List<(float Category, int Rows)>();
        for (int start = 0, at = 0; start < sorted.Length; start = at)
        {
            while (at < sorted.Length && sorted[at] == sorted[start]) at++;
            if (float.IsFinite(sorted[start])) counts.Add((sorted[start], at - start));
        }

        var place = 0;
        foreach (var (category, _) in counts.OrderByDescending(count => count.Rows).ThenBy(count => count.Category).Take(most).OrderBy(count => count.Category)) ends[place++] = category;
    }
}
