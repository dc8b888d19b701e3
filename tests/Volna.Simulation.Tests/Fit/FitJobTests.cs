using Volna.Simulation.Fit;

namespace Volna.Simulation.Tests.Fit;

public sealed class FitJobTests : IDisposable
{
    static readonly WorldOptions Truth = new()
    {
        Seed = 99,
        Customers = 1_500,
        Products = 600,
        Stores = 6,
        Weeks = 12,
        VisitsPerWeek = 1.3,
        VisitSpread = 0.8,
        Appetite = 0.5,
        PriceLevel = 0.05,
        PopularityExponent = 1.4,
        Liking = 0.9,
        ThereFromStart = 0.8,
        Leaving = 0.3,
    };

    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_world_is_found_again_from_its_receipts()
    {
        var data = new DataFolder(Path.Combine(_folder, "data"));
        SimulateIntoJob.Run(Truth, data, null, TimeProvider.System, null, TestContext.Current.CancellationToken);
        using var state = StateStore.Open(data);
        var report = FitJob.Run(data, state, rowShare: 1, seed: 1, null, TestContext.Current.CancellationToken);

        foreach (var row in report.Rows)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{row.Name.English}: {row.Real:F4} {row.Simulated:F4} {row.Distance:F4}");
            if (row.Distance is { } distance) Assert.InRange(distance, 0, 0.08);
            Assert.InRange(row.Simulated, 0.7 * row.Real, 1.4 * row.Real);
        }

        Assert.Equal(12, report.Weeks);
        Assert.Equal(1.3, report.World.VisitsPerWeek, 0.3);
        Assert.Equal(0.05, report.World.PriceLevel, 0.015);

        // What was found is a world that the other verbs take.
        var files = FitJob.Save(report, Path.Combine(_folder, "fit"), Language.Russian);
        Assert.Equal(report.World, WorldFileStore.Read(files[0]));
        Assert.Equal(report.Rows.Count + 1, File.ReadAllLines(files[1]).Length);
        Assert.Contains("повторные покупки", File.ReadAllText(files[2]), StringComparison.Ordinal);
        Assert.DoesNotMatch(@">\d+\.\d", File.ReadAllText(files[2]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_share_of_rows_that_is_none_is_refused(double share)
    {
        var data = new DataFolder(Path.Combine(_folder, "data"));
        using var state = StateStore.Open(data);
        Assert.Equal("row-share", Assert.Throws<BadInputException>(() => FitJob.Run(data, state, share, 1, null, TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public void A_share_of_rows_that_leaves_hardly_any_is_refused()
    {
        var data = new DataFolder(Path.Combine(_folder, "data"));
        SimulateIntoJob.Run(Truth with { Customers = 200, Weeks = 4 }, data, null, TimeProvider.System, null, TestContext.Current.CancellationToken);
        using var state = StateStore.Open(data);
        var refusal = Assert.Throws<BadInputException>(() => FitJob.Run(data, state, 0.0001, 1, null, TestContext.Current.CancellationToken));
        Assert.Equal("row-share", refusal.Code);
        Assert.Contains("simulated customers", refusal.Sentence.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_receipts_tell_nothing()
    {
        var data = new DataFolder(Path.Combine(_folder, "data"));
        SimulateIntoJob.Run(new WorldOptions { Customers = 20, Products = 100, Stores = 1, Weeks = 2 }, data, null, TimeProvider.System, null, TestContext.Current.CancellationToken);
        using var state = StateStore.Open(data);
        Assert.Equal("fit-too-little", Assert.Throws<BadInputException>(() => FitJob.Run(data, state, 1, 1, null, TestContext.Current.CancellationToken)).Code);
    }
}
