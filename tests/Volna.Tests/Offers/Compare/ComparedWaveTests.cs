using System.Diagnostics;
using System.Text.Json;
using Volna.Intake.Catalog;
using Volna.Offers.Compare;
using Volna.Offers.Generation;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Compare;

public sealed class ComparedWaveTests
{
    const string Solver = "samples/allocation/solve.py";

    static ComparedWave Compare(ulong seed, int customers, params PlanLimit[] limits)
    {
        var shop = new MadeShop(seed, customers);
        var inputs = shop.Inputs(plan: MadeShop.SamplePlan with { Limits = [.. limits] });
        int[] lastSold = [.. shop.Catalog.Products.Select(_ => MadeShop.Day.DayNumber - 3)];
        return new ComparedWave(ValuedWave.Of(inputs, inputs.Goods(lastSold), 1, new ParallelOptions()), threads: 2, null, CancellationToken.None);
    }

    static PlanLimit Budget(decimal major) => new("all", TargetKind.Basket, "", Money.FromMajor(major), null, null);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_way_breaks_a_rule_and_none_brings_more_than_the_bound(ulong seed)
    {
        var budget = Compare(seed, 300).Results[0].CostMinor / 100 / 3;
        var compared = Compare(seed, 300, Budget((decimal)budget), new PlanLimit("b", TargetKind.Brand, "B3", null, 60, null));
        Assert.Equal(Enum.GetValues<WaveMethod>(), compared.Results.Select(one => one.Method));
        foreach (var result in compared.Results)
        {
            var offers = compared.Offers(result.Method).ToList();
            Assert.Equal(result.Offers, offers.Sum(one => one.Offers.Count));
            Assert.Equal(result.WithOffers, offers.Count(one => one.Offers.Count > 0));
            Assert.InRange(result.CostMinor, 0, Money.FromMajor((decimal)budget).Minor);
            Assert.InRange(offers.Sum(one => one.Offers.Count(offer => compared.Wave.Inputs.Catalog.Product(offer.Target).Brand == "B3")), 0, 60);
            Assert.InRange(result.Gap, 0, 1);
            Assert.True(result.ValueMinor <= (compared.BoundMilli / 1_000.0) + 1e-6);
            Assert.All(offers, one => Assert.Equal(one.Offers.Count, one.Offers.DistinctBy(offer => offer.Target).Count()));
            Assert.All(offers, one => Assert.InRange(one.Offers.GroupBy(offer => compared.Wave.Inputs.Catalog.Product(offer.Target).Category.Value).Where(group => group.Key != 0).Max(group => (int?)group.Count()) ?? 0, 0, 2));
        }

        Assert.All(compared.Results.Skip(1), one => Assert.True(one.ValueMinor < compared.Results[0].ValueMinor, $"seed {seed}: {one}"));
    }

    [Fact]
    public void Where_nothing_is_short_greed_is_as_good_but_for_what_is_in_the_way()
    {
        var results = Compare(5, 300).Results;
        Assert.Equal(0, results[0].Gap);
        Assert.InRange(results[(int)WaveMethod.GreedyByScore].Gap, 0, 0.05);
        Assert.NotNull(results[(int)WaveMethod.FixedDiscount].DepthPercent);
    }

    [Fact]
    public void An_outside_solver_finds_nothing_better_and_no_broken_rule()
    {
        if (!HasSolver()) Assert.Skip("skipped: no python3 with scipy");
        using var folder = new TemporaryFolder();
        var free = Compare(7, TestSize.Of(400, 10_000));
        var compared = Compare(
            7, TestSize.Of(400, 10_000), Budget((decimal)(free.Results[0].CostMinor / 100 / 2)), new PlanLimit("b", TargetKind.Brand, "B3", null, TestSize.Of(90, 2_000), null), new PlanLimit("c", TargetKind.Category, "Food/C5", null, null, TestSize.Of(50, 1_300)));
        var export = Path.Combine(folder.Path, "export");
        AllocationExportStore.Write(export, compared);
        var refused = Assert.Throws<BadInputException>(() => AllocationExportStore.Write(export, compared));
        Assert.Equal("export-not-empty", refused.Code);

        using var answer = JsonDocument.Parse(Run(Path.Combine(Root(), Solver), export));
        var told = answer.RootElement;
        TestContext.Current.TestOutputHelper!.WriteLine(told.ToString());
        Assert.Equal(0, told.GetProperty("rulesBroken").GetInt32());
        Assert.Equal(compared.Of(WaveMethod.Volna).ValueMilli, told.GetProperty("volna").GetDouble());
        var optimum = told.GetProperty("optimum").GetDouble();
        Assert.True(optimum <= compared.BoundMilli + 1, "the bound is below what a solver reaches");
        // A limit that is a few hundred offers wide leaves a few of them over; the larger the wave, the less that is.
        Assert.InRange(told.GetProperty("belowOptimumPercent").GetDouble(), -1e-6, TestSize.IsNightly ? 0.02 : 1);
    }

    static bool HasSolver()
    {
        try
        {
            using var python = Process.Start(Python("-c", "import scipy.optimize"))!;
            python.WaitForExit();
            return python.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    static string Run(params string[] arguments)
    {
        using var python = Process.Start(Python(arguments))!;
        var told = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        Assert.Equal(0, python.ExitCode);
        return told;
    }

    static ProcessStartInfo Python(params string[] arguments) => new("/usr/bin/python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Volna.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
