using System.Globalization;
using System.IO;
using System.Text;
using Volna.Offers.Allocation;
using Volna.Offers.Plans;

namespace Volna.Offers.Compare;

/// <summary>
/// Writes what was to be shared out and what came of it as tables, so that a solver of somebody else's can check both; <c>docs/compare.md</c> tells the
/// columns, <c>samples/allocation/solve.py</c> reads them.
/// </summary>
public static class AllocationExportStore
{
    /// <summary>Whether a folder can be written into; changes nothing.</summary>
    /// <exception cref="BadInputException">It holds something.</exception>
    public static void Check(string directory)
    {
        if (File.Exists(directory) || (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()))
            throw new BadInputException("export-not-empty", new Text(
                $"--export: {directory} holds something already; name a new or empty folder.", $"--export: {directory} уже что-то содержит; укажите новую или пустую папку."));
    }

    /// <param name="directory">Made where it isn't there; must be empty.</param>
    /// <inheritdoc cref="Check"/>
    public static void Write(string directory, ComparedWave compared)
    {
        Check(directory);
        Directory.CreateDirectory(directory);
        var (problem, allocated, plan) = (compared.Wave.Problem, compared.Of(WaveMethod.Volna), compared.Wave.Plan);

        Write($"{directory}/limits.csv", "limit,name,counts,least,most,used,price", problem.Limits.Select((limit, number) => Row(
            $"{number},\"{limit.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{(limit.Counts == LimitUnit.Money ? "money" : "offers")},{limit.Least},{limit.Most},{allocated.Limits[number].Used},{allocated.Limits[number].Price:R}")));
        Write($"{directory}/slots.csv", "segment,slot,most", plan.Segments.SelectMany((_, segment) => problem.Slots[segment].Select((most, kind) => Row($"{segment},{Name(kind)},{most}"))));
        Write($"{directory}/rules.csv", "rule,value", [Row($"most_per_category,{problem.MostPerCategory}"), Row($"value,{allocated.ValueMilli}"), Row($"bound,{allocated.BoundMilli}")]);
        Write($"{directory}/options.csv", "customer,segment,slot,product,category,depth_percent,value,cost,limits,chosen", Options(compared, problem, allocated, plan));
    }

    static IEnumerable<string> Options(ComparedWave compared, AllocationProblem problem, Allocated allocated, Plan plan)
    {
        // What is chosen at no prices near those found leaves the best possible as it is, and a solver with little to do.
        var sieve = new OptionSieve(problem, PriceRange.Around(problem, allocated, [.. problem.Limits.Select(limit => limit.Least > 0)]));
        for (var number = 0; number < problem.Blocks.Count; number++)
        {
            var customers = compared.Wave.Blocks[number].Customers;
            for (var customer = 0; customer < customers.Length; customer++)
            {
                var places = new HashSet<int>();
                foreach (var place in allocated.Of(number, customer)) places.Add(place);
                var options = problem.Blocks[number].Of(customer).ToArray();
                var kept = new bool[options.Length];
                sieve.Sift(options, problem.Slots[customers[customer].Segment], kept);
                for (var place = 0; place < options.Length; place++)
                {
                    if (!kept[place] && !places.Contains(place)) continue;
                    var (option, good) = (options[place], problem.Goods[options[place].Good]);
                    var depth = plan.StepsOf((SlotKind)option.Kind)[option.Step].BasisPoints / 100m;
                    yield return Row(
                        $"{customers[customer].Customer.Value},{customers[customer].Segment},{Name(option.Kind)},{compared.Wave.Limits.ProductOf(option.Good)},{good.Category},{depth},{option.ValueMilli},{option.CostMilli},{string.Join(';', good.Limits)},{(places.Contains(place) ? 1 : 0)}");
                }
            }
        }
    }

    static string Name(int kind) => ((SlotKind)kind).Name().English;

    static string Row(FormattableString row) => row.ToString(CultureInfo.InvariantCulture);

    static void Write(string path, string header, IEnumerable<string> rows)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20) { NewLine = "\n" };
        file.WriteLine(header);
        foreach (var row in rows) file.WriteLine(row);
    }
}
