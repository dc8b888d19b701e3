using Volna.Kernels;

namespace Volna.Learning.Portraits;

/// <summary>
/// Points in clusters, each point with the nearest centre and each centre the mean of its points: Lloyd's algorithm (1982), started by k-means++ (Arthur and Vassilvitskii 2007): each further
/// centre is a point drawn by its squared distance from the nearest so far.
/// </summary>
static class KMeans
{
    const int MostRounds = 100;

    /// <returns>The centres, some of them where points are fewer than asked for.</returns>
    public static List<double[]> Start(IReadOnlyList<double[]> points, int clusters, ulong seed)
    {
        var draw = new Draw(seed, "k-means", 0);
        var centres = new List<double[]> { points[draw.NextBelow(points.Count)] };
        var distances = points.Select(point => Distance(point, centres[0])).ToArray();
        while (centres.Count < clusters && distances.Sum() is > 0 and var all)
        {
            var (left, at) = (draw.NextUnit() * all, 0);
            while (at < distances.Length - 1 && (left -= distances[at]) > 0) at++;
            centres.Add(points[at]);
            for (var point = 0; point < distances.Length; point++) distances[point] = Math.Min(distances[point], Distance(points[point], points[at]));
        }

        return centres;
    }

    /// <param name="centres">To start from; a centre that no point is nearest to stays where it was.</param>
    /// <returns>The centres, and how many points each has.</returns>
    public static (List<double[]> Centres, int[] Sizes) Run(IReadOnlyList<double[]> points, List<double[]> centres, CancellationToken stop)
    {
        var nearest = new int[points.Count];
        Array.Fill(nearest, -1);
        for (var round = 0; round < MostRounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            var moved = false;
            for (var point = 0; point < points.Count; point++)
            {
                var own = Nearest(points[point], centres);
                moved |= own != nearest[point];
                nearest[point] = own;
            }

            if (!moved) break;
            centres = Means(points, nearest, centres);
        }

        var sizes = new int[centres.Count];
        foreach (var own in nearest) sizes[own]++;
        return (centres, sizes);
    }

    /// <summary>The nearest centre's place; of equals the first.</summary>
    public static int Nearest(ReadOnlySpan<double> point, IReadOnlyList<double[]> centres)
    {
        var (best, least) = (0, double.PositiveInfinity);
        for (var centre = 0; centre < centres.Count; centre++)
            if (Distance(point, centres[centre]) is var distance && distance < least)
                (best, least) = (centre, distance);
        return best;
    }

    static List<double[]> Means(IReadOnlyList<double[]> points, int[] nearest, List<double[]> before)
    {
        var (sums, sizes) = (before.ConvertAll(centre => new double[centre.Length]), new int[before.Count]);
        for (var point = 0; point < points.Count; point++)
        {
            sizes[nearest[point]]++;
            for (var at = 0; at < points[point].Length; at++) sums[nearest[point]][at] += points[point][at];
        }

        for (var centre = 0; centre < sums.Count; centre++)
            if (sizes[centre] == 0) sums[centre] = before[centre];
            else for (var at = 0; at < sums[centre].Length; at++) sums[centre][at] /= sizes[centre];
        return sums;
    }

    static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (var at = 0; at < a.Length; at++) sum += (a[at] - b[at]) * (a[at] - b[at]);
        return sum;
    }
}
