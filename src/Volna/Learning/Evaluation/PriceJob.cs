using System.Globalization;
using Volna.Learning.Prices;

namespace Volna.Learning.Evaluation;

/// <summary>How sales of a brand answer its own price: the elasticity is the change in percent for one percent of the price.</summary>
/// <param name="Elasticity">Mean of the stores; its 95 % interval is of that mean.</param>
/// <param name="Spread">Standard deviation of the stores' true elasticities.</param>
/// <param name="Lowest">Of the stores' shrunk elasticities; as <paramref name="Highest"/>.</param>
/// <param name="Plain">Of one regression on the logarithm of the price alone, for all stores.</param>
/// <param name="PlainLowest">Of the same regression store by store; as <paramref name="PlainHighest"/>.</param>
/// <param name="Error">Mean squared error on the weeks held out, of the logarithm of sales, with shrunk coefficients.</param>
/// <param name="ErrorUnshrunk">The same with each store's own.</param>
public sealed record BrandElasticity(
    string Brand, int Stores, Estimate Elasticity, double Spread, double Lowest, double Highest, double Plain, double PlainLowest, double PlainHighest, double Error,
    double ErrorUnshrunk);

/// <param name="HeldOutFrom">The first week that was kept for judging: the last fifth. Elasticities are learnt from all weeks, errors from those before.</param>
public sealed record PriceResult(int Rows, int Stores, double HeldOutFrom, IReadOnlyList<BrandElasticity> Brands, double Error, double ErrorUnshrunk);

/// <summary>Learns how sales answer prices from weekly sales by store, with elasticities shrunk across stores.</summary>
public static class PriceJob
{
    const double HeldOutShare = 0.2;

    /// <summary>A store with fewer weeks isn't reckoned with.</summary>
    const int LeastWeeks = 20;

    /// <summary>Promotion: what else moved sales, as far as the file has these columns.</summary>
    static readonly string[] Promotions = ["deal", "feat"];

    /// <exception cref="BadInputException">A column is missing or wrong, or nothing can be learnt.</exception>
    public static PriceResult Run(string path, CancellationToken stop)
    {
        var table = AnyTableFeed.Read(path, stop);
        var (store, brand) = (table["store"], table["brand"]);
        var (week, sales) = (table.Numbers(table["week"]), table.Numbers(table["logmove"]));
        var promotions = Promotions.Where(name => table.Columns.Any(column => column.Name == name)).Select(name => table.Numbers(table[name])).ToArray();
        var weeks = week.Distinct().Order().ToArray();
        var from = weeks[(int)((1 - HeldOutShare) * weeks.Length)];

        var brands = new List<BrandElasticity>();
        var (squares, unshrunk, judged) = (0.0, 0.0, 0L);
        foreach (var word in Enumerable.Range(0, brand.Words.Count).OrderBy(word => double.TryParse(brand.Words[word], CultureInfo.InvariantCulture, out var number) ? number : double.MaxValue))
        {
            stop.ThrowIfCancellationRequested();
            var prices = LogPrices(table, table["price" + brand.Words[word]]);
            var ofStores = Enumerable.Range(0, table.Rows).Where(row => brand.WordOf[row] == word).GroupBy(row => store.WordOf[row]).Select(one => one.ToArray())
                .Where(rows => rows.Count(row => week[row] < from) >= LeastWeeks && Varies(rows.Where(row => week[row] < from))).ToArray();
            if (ofStores.Length < 2)
                throw new BadInputException("prices-too-few", new Text(
                    $"{path}: brand {brand.Words[word]} has {ofStores.Length} stores with {LeastWeeks} weeks or more in which its price changed; expected at least two.",
                    $"{path}: у бренда {brand.Words[word]} магазинов, где не меньше {LeastWeeks} недель и цена менялась: {ofStores.Length}; ожидалось хотя бы два."));

            var all = ofStores.SelectMany(rows => rows).ToArray();
            double[][] columns = [prices, .. promotions.Where(one => all.Select(row => one[row]).Distinct().Count() > 1)];
            var means = Array.ConvertAll(columns, column => all.Average(row => column[row]));
            var (whole, before) = (ShrunkRegressions.Fit([.. ofStores.Select(rows => Sum(rows, columns))]), ShrunkRegressions.Fit([.. ofStores.Select(rows => Sum(rows.Where(row => week[row] < from), columns))]));
            var (error, errorUnshrunk, count) = (0.0, 0.0, 0L);
            foreach (var (at, rows) in ofStores.Index())
            {
                var later = Sum(rows.Where(row => week[row] >= from), columns);
                error += later.OutcomeSquares + later.Loss(before.Shrunk[at]);
                errorUnshrunk += later.OutcomeSquares + later.Loss(before.Own[at]);
                count += (long)later.Count;
            }

            var plain = ofStores.Select(rows => Sum(rows, [prices])).ToArray();
            var plainOfStores = plain.Select(one => one.Solve(one.Outcome, 0)[1]).ToArray();
            var together = plain.Aggregate(new LinearSums(2), (sum, one) => sum.Add(one));
            var elasticity = whole.Mean[1];
            var shrunk = whole.Shrunk.Select(one => one[1]).ToArray();
            brands.Add(new BrandElasticity(
                brand.Words[word], ofStores.Length, new Estimate(elasticity, elasticity - (1.959964 * whole.MeanError[1]), elasticity + (1.959964 * whole.MeanError[1])), whole.Spread[1], shrunk.Min(),
                shrunk.Max(), together.Solve(together.Outcome, 0)[1], plainOfStores.Min(), plainOfStores.Max(), error / Math.Max(count, 1), errorUnshrunk / Math.Max(count, 1)));
            (squares, unshrunk, judged) = (squares + error, unshrunk + errorUnshrunk, judged + count);

            bool Varies(IEnumerable<int> rows) => rows.Select(row => prices[row]).Distinct().Skip(1).Any();

            LinearSums Sum(IEnumerable<int> rows, double[][] of)
            {
                var (sums, x) = (new LinearSums(of.Length + 1), new double[of.Length + 1]);
                x[0] = 1;
                foreach (var row in rows)
                {
                    for (var column = 0; column < of.Length; column++) x[column + 1] = of[column][row] - means[column];
                    sums.Add(x, sales[row]);
                }

                return sums;
            }
        }

        return new PriceResult(table.Rows, store.Words.Count, from, brands, squares / Math.Max(judged, 1), unshrunk / Math.Max(judged, 1));
    }

    static double[] LogPrices(AnyTable table, AnyColumn column)
    {
        var prices = table.Numbers(column);
        var row = Array.FindIndex(prices, price => price <= 0);
        return row < 0 ? Array.ConvertAll(prices, Math.Log) : throw table.Wrong(column, row, new Text("a price above 0", "цена больше 0"));
    }
}
