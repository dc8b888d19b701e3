using Volna.Kernels;

namespace Volna.Learning.Trees;

/// <summary>A table's bins as <see cref="GradientSums"/> wants them: of eight columns a word for each row.</summary>
sealed record TreeRows(int Columns, ulong[][] Bins)
{
    const int ChunkRows = 16_384;

    public int Groups => Bins.Length;

    public byte Bin(int row, int column) => (byte)(Bins[column / GradientSums.Columns][row] >> (8 * (column % GradientSums.Columns)));

    public static TreeRows Of(TreeTable table, TreeBins bins, ParallelOptions parallel)
    {
        var columns = table.Columns.Length;
        var groups = new ulong[(columns + GradientSums.Columns - 1) / GradientSums.Columns][];
        for (var group = 0; group < groups.Length; group++) groups[group] = new ulong[table.Rows];
        Chunks.Map(table.Rows, ChunkRows, parallel, (start, end) =>
        {
            var found = new byte[end - start];
            for (var column = 0; column < columns; column++)
            {
                bins.Find(table.Values.AsSpan(start * columns, (end - start) * columns), 0, column, found);
                var words = groups[column / GradientSums.Columns].AsSpan(start, end - start);
                var shift = 8 * (column % GradientSums.Columns);
                for (var row = 0; row < found.Length; row++) words[row] |= (ulong)found[row] << shift;
            }

            return 0;
        });
        return new TreeRows(columns, groups);
    }
}
