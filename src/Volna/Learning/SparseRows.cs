using Volna.Kernels;

namespace Volna.Learning;

/// <summary>Rows of which most entries are 0: of each row the places of the others, in ascending order or not, and their weights.</summary>
/// <param name="Start">By row, where its entries start; one more at the end.</param>
sealed record SparseRows(int[] Start, int[] Places, float[] Weights)
{
    public int Count => Start.Length - 1;

    public ReadOnlySpan<int> PlacesOf(int row) => Places.AsSpan(Start[row]..Start[row + 1]);

    public ReadOnlySpan<float> WeightsOf(int row) => Weights.AsSpan(Start[row]..Start[row + 1]);

    public void AddTo(Span<float> sums, int row, float factor) => SparseSums.Add(PlacesOf(row), WeightsOf(row), factor, sums);

    /// <summary>Rows of lists, each entry with the weight 1 divided by the root of its row's length.</summary>
    public static SparseRows OfUnits(IReadOnlyList<int[]> lists)
    {
        var start = new int[lists.Count + 1];
        for (var row = 0; row < lists.Count; row++) start[row + 1] = start[row] + lists[row].Length;
        var weights = new float[start[^1]];
        for (var row = 0; row < lists.Count; row++) weights.AsSpan(start[row]..start[row + 1]).Fill(1 / MathF.Sqrt(lists[row].Length));
        return new SparseRows(start, [.. lists.SelectMany(list => list)], weights);
    }

    /// <summary>Columns become rows, each with its places ascending.</summary>
    public SparseRows Transpose(int columns)
    {
        var start = new int[columns + 1];
        foreach (var place in Places) start[place + 1]++;
        for (var column = 0; column < columns; column++) start[column + 1] += start[column];
        var next = start[..^1];
        var places = new int[Places.Length];
        var weights = new float[Places.Length];
        for (var row = 0; row < Count; row++)
        {
            for (var at = Start[row]; at < Start[row + 1]; at++)
            {
                var to = next[Places[at]]++;
                (places[to], weights[to]) = (row, Weights[at]);
            }
        }

        return new SparseRows(start, places, weights);
    }
}
