using System.Text.Json;
using Microsoft.Data.Sqlite;
using Volna.Intake.Catalog;
using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Publishing;
using Volna.Redemptions;
using Volna.Reports;
using Volna.Reports.Page;
using Volna.Reports.Statistics;
using Volna.Simulation.Loop;

namespace Volna.Simulation.Tests.Loop;

/// <summary>One small closed loop with all policies, looked at from all sides; and its repeat.</summary>
public sealed class LoopJobTests(LoopJobTests.Lived lived) : IClassFixture<LoopJobTests.Lived>
{
    static readonly LoopOptions Small = new() { World = new WorldOptions { Seed = 3, Customers = 600, Products = 200, Stores = 4, Weeks = 14 }, Weeks = 3 };

    public sealed class Lived : IDisposable
    {
        readonly string _root = Directory.CreateTempSubdirectory("volna-").FullName;

        public Lived() => Result = LoopJob.Run(Small, Folder, null, CancellationToken.None);

        public string Folder => Path.Combine(_root, "loop");

        public LoopResult Result { get; }

        public void Dispose()
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(_root, recursive: true);
        }
    }

    PolicyResult Of(LoopPolicy policy) => lived.Result[policy]!;

    [Fact]
    public void Every_policy_lives_all_weeks()
    {
        Assert.Equal(["none", "mass", "segments", "volna-no-learning", "volna"], lived.Result.Policies.Select(policy => policy.Policy));
        Assert.All(lived.Result.Policies, policy => Assert.Equal(3, policy.Weeks.Count));
        Assert.All([LoopPolicy.Segments, LoopPolicy.Volna], policy =>
        {
            Assert.Equal(3, Of(policy).PublishedWaves + Of(policy).OutsideCorridors.Count);
            Assert.True(Of(policy).PublishedWaves > 0);
            Assert.True(Of(policy).Redeemed > 10);
            Assert.True(Of(policy).DiscountCost > 0);
            Assert.NotNull(Of(policy).Turnover.Estimated);
            Assert.NotEqual(0, Of(policy).Turnover.Increment);
        });
        Assert.Null(Of(LoopPolicy.Mass).Turnover.Estimated);
        // The first wave has nothing to learn from, the later ones have.
        Assert.Equal(Of(LoopPolicy.Volna).Weeks[0], Of(LoopPolicy.VolnaNoLearning).Weeks[0]);
        Assert.NotEqual(Of(LoopPolicy.Volna).Turnover, Of(LoopPolicy.VolnaNoLearning).Turnover);
    }

    [Fact]
    public void A_life_without_offers_differs_in_nothing_from_the_counterfactual()
    {
        var none = Of(LoopPolicy.None);
        Assert.All([none.Turnover, none.Margin, none.Frequency, none.AverageCheck, none.FrequencyOfFrequent], figure =>
        {
            Assert.Equal(0, figure.Increment);
            Assert.True(figure.Value > 0);
        });
        Assert.All(none.Weeks, week => Assert.Equal((0, 0, 0, 0L), (week.Turnover, week.Margin, week.Receipts, week.DiscountCost)));
        Assert.Equal((0L, 0L, 0L), (none.DiscountCost, none.Complaints, none.OptedOut));
    }

    [Fact]
    public void What_the_tills_took_is_what_came_in_as_receipts()
    {
        Assert.All(lived.Result.Policies, policy =>
        {
            Assert.Equal(0, policy.Surprises);
            Assert.Equal(policy.TillsMinor, policy.ImportedMinor);
            Assert.True(policy.TillsMinor > policy.Turnover.Value);
        });
    }

    [Fact]
    public void The_universal_hold_out_gets_nothing_in_any_wave_and_buys_as_if_there_were_none()
    {
        Assert.InRange(lived.Result.HeldOut, 30, 95);
        Assert.InRange(lived.Result.Newcomers, 10, 40);
        Assert.Equal(600 + lived.Result.Newcomers, lived.Result.HeldOut + lived.Result.Compared);
        foreach (var policy in (LoopPolicy[])[LoopPolicy.Segments, LoopPolicy.VolnaNoLearning, LoopPolicy.Volna])
        {
            Assert.Equal(0, Of(policy).HeldOutDifferenceMinor);
            var folder = new DataFolder(Path.Combine(lived.Folder, policy.Code()));
            using var state = StateStore.Open(folder);
            var waves = new WaveStore(state).List();
            Assert.Equal(3, waves.Count);
            var heldOut = new CatalogStore(state).LoadProfiles().Where(profile => profile.Id.Value != 0 && UniversalHoldout.Includes(LoopOptions.UniversalHoldoutShare, profile.KeyHash)).ToList();
            Assert.Equal(lived.Result.HeldOut, heldOut.Count);
            foreach (var wave in waves)
            {
                // What so few customers teach may lead out of the corridors; then the wave isn't published.
                if (policy != LoopPolicy.Volna || wave.Status != WaveStatus.Rejected)
                {
                    Assert.Equal(WaveStatus.Reported, wave.Status);
                    Assert.Equal("corridor rule", wave.ApprovedBy);
                }

                using var pack = OfferPackStore.Open(folder, wave.Id);
                Assert.True(pack.Offers > (wave.Status == WaveStatus.Reported ? 500 : 0));
                Assert.All(heldOut, profile => Assert.True(pack.Find(profile.KeyHash) < 0));
            }

            Assert.Null(new RedemptionStore(state).BooksDifference());
        }

        // A shelf price holds for everybody.
        Assert.NotEqual(0, Of(LoopPolicy.Mass).HeldOutDifferenceMinor);
    }

    [Fact]
    public void The_estimate_is_what_the_report_on_the_period_says()
    {
        var folder = new DataFolder(Path.Combine(lived.Folder, "volna-no-learning"));
        using var state = StateStore.Open(folder);
        var end = lived.Result.End.ToDateTime(default);
        var report = PeriodReportJob.Make(folder, state, null, new DateTimeOffset(end, TimeSpan.Zero), null, TestContext.Current.CancellationToken);
        Assert.Equal((lived.Result.Start, lived.Result.End, 3), (report.Start, report.End, report.Waves));
        Assert.Equal((lived.Result.Compared, lived.Result.HeldOut), ((int)report.Everyone.Treated, (int)report.Everyone.HeldOut));
        Assert.Equal(Of(LoopPolicy.VolnaNoLearning).Turnover.Estimated, report.Everyone[Metric.SpendPerCustomer].Total);

        // So few held out are no ground for an adjustment.
        Assert.Equal(AdjustmentVerdict.TooFewCustomers, report.Everyone[Metric.SpendPerCustomer].Adjustment);
        Assert.Equal(report.Everyone[Metric.SpendPerCustomer].Treated!.Value, Of(LoopPolicy.VolnaNoLearning).Turnover.Value / lived.Result.Compared, 6);
    }

    [Fact]
    public void Who_unsubscribes_is_written_to_no_more()
    {
        // In three weeks few do: many in a world of the touchy.
        var touchy = Small with { World = Small.World with { Unsubscribes = 0.2, Complaints = 0.1 }, Policies = [LoopPolicy.VolnaNoLearning] };
        var folder = lived.Folder + "-touchy";
        var result = LoopJob.Run(touchy, folder, null, TestContext.Current.CancellationToken)[LoopPolicy.VolnaNoLearning]!;
        Assert.InRange(result.OptedOut, 30L, 500L);
        Assert.InRange(result.Complaints, 10L, result.OptedOut);
        using var state = StateStore.Open(new DataFolder(Path.Combine(folder, "volna-no-learning")));
        var waves = new WaveStore(state).List().OrderBy(wave => wave.Id, StringComparer.Ordinal).ToList();
        int Written(Wave wave) => new PublicationStore(state).Channels(wave.Id)!.Single(channel => channel.Channel == "email").Written;
        Assert.True(Written(waves[2]) < 0.8 * Written(waves[0]), $"{Written(waves[0])} letters, then {Written(waves[2])}");
    }

    [Fact]
    public void Who_joins_gets_offers_and_what_is_launched_is_on_offer()
    {
        var options = Small with { World = Small.World with { Leaving = 0.9, Launches = 0.9, Delistings = 0.5 }, Weeks = 5, Policies = [LoopPolicy.VolnaNoLearning] };
        var path = lived.Folder + "-lively";
        var result = LoopJob.Run(options, path, null, TestContext.Current.CancellationToken)[LoopPolicy.VolnaNoLearning]!;
        Assert.Equal((0L, 5), (result.Surprises, result.PublishedWaves + result.OutsideCorridors.Count));
        var folder = new DataFolder(Path.Combine(path, "volna-no-learning"));
        using var state = StateStore.Open(folder);
        var world = World.Build(options.World, options.Weeks);
        var catalog = new CatalogStore(state).Load(options.World.EndDay);
        var goods = world.Assortment.Goods.ToDictionary(good => good.Key);
        var offered = new List<(int Week, int Customer, Good Good)>();
        foreach (var (week, wave) in new WaveStore(state).List().OrderBy(wave => wave.Id, StringComparer.Ordinal).Index())
        {
            using var pack = OfferPackStore.Open(folder, wave.Id);
            for (var customer = 0; customer < world.Options.Customers + world.Newcomers; customer++)
                if (pack.Find(Hash64.Of(Shopper.KeyOf(customer))) is >= 0 and var place)
                    offered.AddRange(pack.OffersAt(place).Select(offer => (week, customer, goods[catalog.Product(offer.Target).Key])));
        }

        Assert.Contains(offered, one => one.Customer >= 600);
        Assert.Contains(offered, one => one.Good.Number >= 200);
        var start = 7 * options.World.Weeks;
        Assert.All(offered, one => Assert.True(one.Good.IsListed(start + (7 * one.Week))));
    }

    [Fact]
    public void What_became_of_each_letter_comes_back_and_openings_are_counted_near_the_truth()
    {
        Assert.All([LoopPolicy.None, LoopPolicy.Mass], policy => Assert.Null(Of(policy).Letters));
        Assert.All([LoopPolicy.Segments, LoopPolicy.VolnaNoLearning, LoopPolicy.Volna], policy =>
        {
            using var state = StateStore.Open(new DataFolder(Path.Combine(lived.Folder, policy.Code())));
            var written = new WaveStore(state).List().Where(wave => wave.Status == WaveStatus.Reported)
                .Sum(wave => new PublicationStore(state).Channels(wave.Id)!.Single(channel => channel.Channel == "email").Written);
            var (counted, trulyOpened) = Of(policy).Letters!;
            Assert.Equal((written, written), (counted.Reported, counted.Delivered + counted.Bounced));

            // Whom only a late machine fetched a letter for is taken for a person: of a hundred letters, three or four.
            Assert.InRange(counted.Opened - trulyOpened, 0, 0.08 * counted.Delivered);
            Assert.InRange(counted.OpenedByMachines, 0.04 * counted.Delivered, 0.2 * counted.Delivered);

            // Nobody writes to a dead mailbox twice.
            using var connection = state.Connect();
            Assert.Equal(counted.Bounced, Dapper.SqlMapper.ExecuteScalar<long>(connection, "select count(distinct customer) from letter where bounced"));
            Assert.Equal(counted.Bounced, Dapper.SqlMapper.ExecuteScalar<long>(connection, "select count(*) from customer where is_dead"));
            Assert.True(counted.Bounced > 0);
        });
    }

    [Fact]
    public void Mass_promotion_costs_about_what_the_offers_cost() =>
        Assert.InRange((double)Of(LoopPolicy.Mass).DiscountCost / Of(LoopPolicy.Volna).DiscountCost, 0.5, 1.5);

    [Fact]
    public void The_page_tells_every_policy_and_every_remark()
    {
        foreach (var language in (Language[])[Language.English, Language.Russian])
        {
            var page = LoopPage.Of(lived.Result, language);
            Assert.All(lived.Result.Policies, policy => Assert.Contains(LoopPolicies.Parse(policy.Policy)[0].Name().In(language), page, StringComparison.Ordinal));
            Assert.All(lived.Result.Remarks, remark => Assert.Contains(Html.Of(remark.In(language)), page, StringComparison.Ordinal));
            Assert.Contains("<polyline", page, StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        }

        Assert.True(File.Exists(Path.Combine(lived.Folder, "loop.html")));
        Assert.False(Directory.Exists(lived.Folder + ".unfinished"));
        Assert.False(Directory.Exists(Path.Combine(lived.Folder, "history")));
    }

    [Fact]
    public void The_same_seed_gives_the_same_figures_whatever_policies_run_beside()
    {
        var again = LoopJob.Run(Small with { Policies = [LoopPolicy.Volna] }, null, null, TestContext.Current.CancellationToken);
        Assert.Equal(Json(Of(LoopPolicy.Volna)), Json(again[LoopPolicy.Volna]!));

        static string Json(PolicyResult policy) => JsonSerializer.Serialize(policy);
    }

    [Fact]
    public void A_loop_that_is_stopped_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        var folder = Path.Combine(Path.GetDirectoryName(lived.Folder)!, "stopped");
        var seen = 0;
        var progress = new Seen(step =>
        {
            if (step.Step.English == "Volna" && seen++ == 1) stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => LoopJob.Run(Small with { Policies = [LoopPolicy.Volna] }, folder, progress, stop.Token));
        Assert.True(seen > 1);
        Assert.False(Directory.Exists(folder));
        Assert.False(Directory.Exists(folder + ".unfinished"));
    }

    [Fact]
    public void A_folder_that_holds_something_is_left_alone()
    {
        var refusal = Assert.Throws<BadInputException>(() => LoopJob.Run(Small, lived.Folder, null, TestContext.Current.CancellationToken));
        Assert.Equal("out-not-empty", refusal.Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(53)]
    public void Weeks_out_of_range_are_told_in_one_sentence(int weeks) =>
        Assert.Equal($"--weeks: found {weeks}, expected 1 to 52.", Assert.Throws<BadInputException>(() => (Small with { Weeks = weeks }).Validate()).Sentence.English);

    [Theory]
    [InlineData("volna,mass,none", "None,Mass,Volna")]
    [InlineData("volna, volna", "Volna")]
    public void Policies_are_read_from_a_list(string names, string expected) => Assert.Equal(expected, string.Join(',', LoopPolicies.Parse(names)));

    [Theory]
    [InlineData("volna,best")]
    [InlineData("")]
    [InlineData("2")]
    public void An_unknown_policy_is_named(string names) => Assert.Equal("policy-unknown", Assert.Throws<BadInputException>(() => LoopPolicies.Parse(names)).Code);

    sealed class Seen(Action<StepProgress> see) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => see(value);
    }
}
