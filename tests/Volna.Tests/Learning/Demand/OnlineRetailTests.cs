using System.Globalization;
using System.IO.Compression;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Learning.Demand;

namespace Volna.Tests.Learning.Demand;

/// <summary>The model on real receipts: UCI Online Retail, its last four weeks foretold from the weeks before.</summary>
public sealed class OnlineRetailTests
{
    [Fact]
    public void The_model_foretells_the_last_four_weeks_better_than_both_baselines()
    {
        var test = DemandTraining.Run(PurchaseSource.Of(Customers(SharedData.Folder("online-retail"))), new DemandOptions()).BackTest;
        Assert.Equal(new Period(new DateOnly(2011, 11, 12), new DateOnly(2011, 12, 10)), test.Window);
        Assert.InRange(test.Customers, 1_250, 1_350);
        var model = test.All.Single(row => row.Method == RankingMethod.Model);
        foreach (var baseline in test.All.Where(row => row.Method != RankingMethod.Model))
        {
            Assert.True(model.At5.Recall > baseline.At5.Recall, $"recall@5 {model.At5.Recall} against {baseline.At5.Recall} of {baseline.Method}");
            Assert.True(model.At5.Ndcg > baseline.At5.Ndcg, $"NDCG@5 {model.At5.Ndcg} against {baseline.At5.Ndcg} of {baseline.Method}");
            Assert.True(model.At10.Recall > baseline.At10.Recall, $"recall@10 {model.At10.Recall} against {baseline.At10.Recall} of {baseline.Method}");
        }

        var frequency = test.All.Single(row => row.Method == RankingMethod.PersonalFrequency);
        Assert.True(model.At10.Recall > 1.1 * frequency.At10.Recall, $"recall@10 {model.At10.Recall} against {frequency.At10.Recall}");
        Assert.True(test.Discovery[0].At10.Recall > 1.5 * test.Discovery[1].At10.Recall);
    }

    /// <summary>The known customers' lines of real products, straight from the files.</summary>
    static List<CustomerHistory> Customers(string folder)
    {
        var products = new Dictionary<string, int>();
        var customers = new Dictionary<string, List<PurchaseLine>>();
        foreach (var part in (string[])["online_retail_part1.csv.gz", "online_retail_part2.csv.gz"])
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, part)), CompressionMode.Decompress));
            reader.ReadLine();
            while (reader.ReadLine() is { } row)
            {
                // Only the description, the third of eight columns, may hold commas itself.
                var parts = row.Split(',');
                var (code, customer, price) = (parts[1], parts[^2], decimal.Parse(parts[^3], CultureInfo.InvariantCulture));
                if (customer.Length == 0 || code.Length < 5 || !char.IsAsciiDigit(code[0]) || price <= 0) continue;
                if (!products.TryGetValue(code, out var product)) products.Add(code, product = products.Count + 1);
                if (!customers.TryGetValue(customer, out var lines)) customers.Add(customer, lines = []);
                var quantity = int.Parse(parts[^5], CultureInfo.InvariantCulture);
                var minute = Clock.Minute(DateTime.Parse(parts[^4], CultureInfo.InvariantCulture));
                lines.Add(new PurchaseLine(Hash64.Of(parts[0]), minute, 0, product, quantity * 1000, (long)(price * 100 * quantity), 0));
            }
        }

        return [.. customers.Values.Select((lines, i) => new CustomerHistory(new CustomerId(i + 1), lines))];
    }
}
