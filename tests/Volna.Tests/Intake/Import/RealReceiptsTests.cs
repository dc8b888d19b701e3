using Volna.Intake.Files;
using Volna.Intake.Import;

namespace Volna.Tests.Intake.Import;

/// <summary>Real receipts, with figures that can be counted in the files by other means.</summary>
public sealed class RealReceiptsTests
{
    [Fact]
    public void Online_Retail_comes_in_with_every_line_accounted_for()
    {
        var folder = SharedData.Folder("online-retail");
        using var scene = new ImportScene();
        var result = scene.Import(new ImportRequest([.. Directory.GetFiles(folder, "*.csv.gz").Order(StringComparer.Ordinal)]) { Mapping = Sample("online-retail") });

        Assert.Equal(541_909, result.RowsRead);
        Assert.Equal(result.RowsRead, result.Stored + result.Rejected.Values.Sum());
        Assert.Equal(135_080, result.Rejected[RejectReason.NoCustomer]);
        Assert.Equal([RejectReason.NoCustomer, RejectReason.NoProduct], result.Rejected.Keys);
        Assert.Equal(1_920, result.Rejected[RejectReason.NoProduct]);
        Assert.Equal(result.Stored, scene.Snapshot().Lines);
        Assert.Equal((new DateOnly(2010, 12, 1), new DateOnly(2011, 12, 9)), (scene.Snapshot().FirstDay, scene.Snapshot().LastDay));

        var purchases = scene.Purchases().ConvertAll(purchase => purchase.Split(' '));
        Assert.Equal(8_539, purchases.Count(purchase => purchase[^4][0] == '-'));
        Assert.Equal((4_363, 3_676), (purchases.Select(purchase => purchase[0]).Distinct().Count(), purchases.Select(purchase => purchase[4]).Distinct().Count()));
        Assert.Equal(828_666_332, purchases.Sum(purchase => long.Parse(purchase[^3], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void The_sample_of_Complete_Journey_comes_in()
    {
        var file = Path.Combine(SharedData.Folder("completejourney"), "transactions_sample.csv.gz");
        using var scene = new ImportScene();
        var result = scene.ImportOne(file, Sample("complete-journey"));
        Assert.Equal((75_000, 74_584), (result.RowsRead, result.Stored));
        Assert.Equal(416, result.Rejected[RejectReason.ZeroQuantity]);
        Assert.Contains("2261 2017-01-28 14:06 309 940996 1000 386 43", scene.Purchases().Select(purchase => purchase[..purchase.LastIndexOf(' ')]));
    }

    static Mapping Sample(string name)
    {
        var path = Path.Combine(SharedData.Repository, "samples", name + ".json");
        return Mapping.Parse(File.ReadAllText(path), path);
    }
}
