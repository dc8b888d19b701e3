using System.Globalization;
using System.Text;
using Volna.Intake.Import;
using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Offers.Response;
using Volna.Reports;
using Volna.Reports.Targeting;

namespace Volna.Tests.Reports;

public sealed class CountJobTests : IDisposable
{
    // A wave of a week, published two days before its first day.
    static readonly Period Week = new(new DateOnly(2026, 11, 26), new DateOnly(2026, 12, 3));
    static readonly DateOnly Published = new(2026, 11, 24);
    static readonly DateOnly FirstDay = new(2026, 7, 1), LastDay = new(2026, 12, 6);

    readonly TemporaryFolder _folder = new();
    readonly StateStore _state;
    readonly List<(string Receipt, DateOnly Day, int Customer, int Product, int Quantity, long PaidMinor)> _lines = [];
    readonly ILookup<int, (string Receipt, DateOnly Day, int Customer, int Product, int Quantity, long PaidMinor)> _linesOf;

    public CountJobTests()
    {
        _state = StateStore.Open(_folder.Data);
        Import(
            _folder.Write("stores.csv", "key,name,city,time_zone\nS1,One,Omsk,\nS2,Two,Tver,\n"),
            _folder.Write("products.csv", "key,name,category,brand,supplier,price,cost,floor,floor_price,tags\nP0,a,Food/Milk,,Big,10,6,none,,\nP1,b,Food/Tea,,Small,20,,none,,\nP2,c,Home,,Big,30,20,none,,\n"),
            _folder.Write("customers.csv", "key,home_store,consents\n" + string.Concat(Enumerable.Range(0, Customers).Select(i => $"C{i:000},{(i % 3 == 0 ? "S1" : i % 3 == 1 ? "S2" : "")},{(i % 2 == 0 ? "app;print" : "email")}\n"))));

        var draw = new Draw(5, "receipts", 0);
        var receipts = new StringBuilder("receipt,time,store,customer,product,quantity,price,amount\n");
        for (var day = FirstDay; day <= LastDay; day = day.AddDays(1))
            for (var receipt = 0; receipt < 30; receipt++)
            {
                var customer = draw.NextBelow(Customers);
                for (var left = 1 + draw.NextBelow(4); left > 0; left--)
                {
                    var (product, quantity) = (draw.NextBelow(3), draw.NextBelow(12) == 0 ? -1 : 1 + draw.NextBelow(3));
                    var paid = quantity * (1_000 + draw.NextBelow(500));
                    _lines.Add(($"R{day.DayNumber}-{receipt}", day, customer, product, quantity, paid));
                    receipts.Append(CultureInfo.InvariantCulture, $"R{day.DayNumber}-{receipt},{day:yyyy-MM-dd} 12:00:00,S1,C{customer:000},P{product},{quantity},{Math.Abs(paid / quantity) / 100m},{paid / 100m}\n");
                }
            }

        Import(_folder.Write("receipts.csv", receipts.ToString()));
        _linesOf = _lines.ToLookup(line => line.Customer);
    }

    const int Customers = 200;

    public void Dispose()
    {
        _state.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Counts_are_those_of_a_plain_loop_over_the_receipts()
    {
        var counts = Count("w")[0];

        Assert.Equal((LastDay, 56, 182 - 56 - (FirstDay.DayNumber - Published.AddDays(-182).DayNumber)), (counts.ReceiptsUntil!.Value, counts.BeforeDays, counts.EarlierDays));
        Period before = new(Published.AddDays(-56), Published), earlier = new(FirstDay, Published.AddDays(-56));
        foreach (var group in counts.Groups)
            foreach (var heldOut in (bool[])[false, true])
            {
                var moments = heldOut ? group.HeldOut : group.Treated;
                var members = Enumerable.Range(0, Customers).Where(i => IsHeldOut(i) == heldOut && (group.Dimension, group.Name) switch
                {
                    (Dimension.City, "Omsk") => i % 3 == 0,
                    (Dimension.City, "Tver") => i % 3 == 1,
                    (Dimension.Channel, "App" or "Print") => i % 2 == 0,
                    (Dimension.Channel, "Email") => i % 2 == 1,
                    (Dimension.Segment, "even") => i % 4 == 0,
                    (Dimension.Segment, _) => i % 4 != 0,
                    (Dimension.Slot or Dimension.SlotGoods, "habit") => i % 3 == 0,
                    (Dimension.Slot or Dimension.SlotGoods, _) => i % 2 == 0,
                    _ => true,
                }).ToList();
                Assert.Equal(members.Count, moments.Count);
                if (group.Dimension.IsOfGoods())
                {
                    bool IsOfGroup(int product) => group.Name switch { "Food" => product < 2, "Home" => product == 2, "Big" => product != 1, "a" or "offered" or "habit" => product == 0, "otherCategories" => product != 0, _ => product == 1 };
                    AssertMoments([.. members.Select(i => Lines(i, Week).Where(line => IsOfGroup(line.Product)).Sum(line => (double)line.PaidMinor))], moments, 0);
                    AssertMoments([.. members.Select(i => Lines(i, before).Where(line => IsOfGroup(line.Product)).Sum(line => (double)line.PaidMinor))], moments, 1);
                    if (group.Dimension == Dimension.SlotGoods) AssertMoments([.. members.Select(i => Lines(i, Week).Where(line => IsOfGroup(line.Product)).Sum(line => line.PaidMinor) > 0 ? 1.0 : 0)], moments, 2);
                    continue;
                }

                void AssertMeasure(Measure measure, Func<int, double> of) => AssertMoments([.. members.Select(of)], moments, (int)measure);
                int Receipts(int i, Period period) => Lines(i, period).Where(line => line.Quantity > 0).Select(line => line.Receipt).Distinct().Count();
                AssertMeasure(Measure.Spend, i => Lines(i, Week).Sum(line => (double)line.PaidMinor));
                AssertMeasure(Measure.Margin, i => Lines(i, Week).Where(line => line.Product != 1).Sum(line => (double)line.PaidMinor - (line.Quantity * (line.Product == 0 ? 600 : 2_000))));
                AssertMeasure(Measure.SpendWithCost, i => Lines(i, Week).Where(line => line.Product != 1).Sum(line => (double)line.PaidMinor));
                AssertMeasure(Measure.Receipts, i => Receipts(i, Week));
                AssertMeasure(Measure.Bought, i => Receipts(i, Week) > 0 ? 1 : 0);
                AssertMeasure(Measure.Items, i => Lines(i, Week).Sum(line => line.Quantity));
                AssertMeasure(Measure.BoughtAgain, i => Receipts(i, Week) > 1 ? 1 : 0);
                AssertMeasure(Measure.Kept, i => Receipts(i, Week) > 0 && Receipts(i, before) > 0 ? 1 : 0);
                AssertMeasure(Measure.SpendBefore, i => Lines(i, before).Sum(line => (double)line.PaidMinor));
                AssertMeasure(Measure.ReceiptsBefore, i => Receipts(i, before));
                AssertMeasure(Measure.BoughtBefore, i => Receipts(i, before) > 0 ? 1 : 0);
                AssertMeasure(Measure.ItemsBefore, i => Lines(i, before).Sum(line => line.Quantity));
                AssertMeasure(Measure.SpendEarlier, i => Lines(i, earlier).Sum(line => (double)line.PaidMinor));
                AssertMeasure(Measure.ReceiptsEarlier, i => Receipts(i, earlier));
                AssertMeasure(Measure.SpendAfter, i => Lines(i, new Period(Week.End, Week.End.AddDays(7))).Sum(line => (double)line.PaidMinor));
            }

        Assert.Equal(
            ["segment even", "segment others", "city Omsk", "city Tver", "channel App", "channel Email", "channel Print", "category Food", "category Home", "supplier Big", "supplier Small", "product a", "goods offered", "goods otherCategories", "slot discovery", "slot habit", "goods of the slot discovery", "goods of the slot habit"],
            counts.Groups.OrderBy(group => group.Dimension).ThenBy(group => group.Name, StringComparer.Ordinal).Select(group => $"{group.Dimension.Name().English} {group.Name}"));
        Assert.Equal(40, counts.TreatedWithoutOffers);
        Assert.Equal([new OfferCount(SlotKind.Habit, 1_000, 120)], counts.Offers);
    }

    [Fact]
    public void Cells_of_base_conversion_hold_everybody_once_and_what_they_bought_one_stretch_earlier()
    {
        var counts = Count("w")[0];
        var windows = BaseWindows.Of(Published, Week.Days, counts.BeforeDays + counts.EarlierDays)!;
        Assert.Equal(windows.Count, counts.Base!.Windows);
        ulong Bought(int i) => windows.Bought([.. _linesOf[i].Where(line => line.Quantity > 0).Select(line => line.Day.DayNumber).Distinct().Order()]);
        var expected = Enumerable.Range(0, Customers).GroupBy(i => windows.CellEarlier(Bought(i))).OrderBy(cell => cell.Key).Select(cell => (long)cell.Count()).ToList();
        Assert.Equal(expected, counts.Base.Cells.Where(cell => cell.Earlier > 0).Select(cell => cell.Earlier));
        Assert.Equal(Enumerable.Range(0, Customers).Sum(i => (long)(Bought(i) & 1)), counts.Base.Cells.Sum(cell => cell.EarlierBought));
        var now = Enumerable.Range(0, Customers).GroupBy(i => windows.CellNow(Bought(i))).OrderBy(cell => cell.Key).ToList();
        Assert.Equal(now.Select(cell => (long)cell.Count()), counts.Base.Cells.Select(cell => cell.Arms.Sum(arm => arm.Count)).Where(count => count > 0));
        Assert.Equal(
            Enumerable.Range(0, Customers).Where(IsHeldOut).Sum(i => Lines(i, Week).Sum(line => (double)line.PaidMinor)),
            counts.Base.Cells.Sum(cell => cell.Arms[1].Sum((int)BaseNumber.Spend) + cell.Arms[3].Sum((int)BaseNumber.Spend)), 1e-3);
    }

    [Fact]
    public void Several_waves_in_one_pass_are_counted_as_each_alone_and_kept_to_the_last_digit()
    {
        var together = Count("a", "b");
        CountsStore.Save(_folder.Data, together[1]);
        AssertSame(together[1], CountsStore.Find(_folder.Data, "b")!);
        AssertSame(together[1] with { Wave = "c" }, Count("c")[0] with { Digest = together[1].Digest });
    }

    [Fact]
    public void Receipts_imported_twice_change_nothing()
    {
        var once = Count("a")[0];
        Import(Path.Combine(_folder.Path, "receipts.csv"));
        File.Copy(Path.Combine(_folder.Path, "receipts.csv"), Path.Combine(_folder.Path, "receipts-again.csv"));
        Import(Path.Combine(_folder.Path, "receipts-again.csv"));
        AssertSame(once, Count("a2")[0] with { Wave = "a", Digest = once.Digest, Snapshot = once.Snapshot });
    }

    static void AssertSame(WaveCounts expected, WaveCounts actual)
    {
        Assert.Equal(expected with { Groups = [], Offers = [], Base = null, Capped = null }, actual with { Groups = [], Offers = [], Base = null, Capped = null });
        Assert.Equal((expected.Capped!.BoundMinor, expected.Capped.CutShare, expected.Base!.Windows), (actual.Capped!.BoundMinor, actual.Capped.CutShare, actual.Base!.Windows));
        Assert.Equal(Digits("capped", expected.Capped.Treated, expected.Capped.HeldOut), Digits("capped", actual.Capped.Treated, actual.Capped.HeldOut));
        Assert.Equal(expected.Base.Cells.Select(OfCell), actual.Base.Cells.Select(OfCell));
        Assert.Equal(expected.Offers, actual.Offers);
        Assert.Equal(expected.Groups.Select(OfGroup), actual.Groups.Select(OfGroup));

        static string OfGroup(GroupCounts group) => Digits($"{group.Dimension} {group.Name}", group.Treated, group.HeldOut);

        static string OfCell(BaseCell cell) => Digits($"{cell.Frequency} {cell.Earlier} {cell.EarlierBought}", [.. cell.Arms]);

        static string Digits(string name, params ReadOnlySpan<VectorMoments> arms)
        {
            var text = new StringBuilder(name);
            foreach (var moments in arms)
                for (var i = 0; i < moments.Size; i++)
                    for (var j = i; j < moments.Size; j++)
                        text.Append(CultureInfo.InvariantCulture, $" {moments.Count} {moments.Mean(i):R} {moments.Products(i, j):R}");
            return text.ToString();
        }
    }

    static void AssertMoments(double[] values, VectorMoments moments, int at)
    {
        var mean = values.Average();
        Assert.Equal(mean, moments.Mean(at), Math.Max(1, Math.Abs(mean)) * 1e-9);
        var squares = values.Sum(value => (value - mean) * (value - mean));
        Assert.Equal(squares, moments.Products(at, at), Math.Max(1, squares) * 1e-9);
    }

    IEnumerable<(string Receipt, DateOnly Day, int Customer, int Product, int Quantity, long PaidMinor)> Lines(int customer, Period period) =>
        _linesOf[customer].Where(line => line.Day >= period.Start && line.Day < period.End);

    static bool IsHeldOut(int customer) => customer % 5 == 0;

    /// <summary>Counts made-up waves: a customer in five is held out, a treated one in four gets no offer, one in four is of the first segment.</summary>
    IReadOnlyList<WaveCounts> Count(params string[] ids)
    {
        var plan = PlanFileText().Replace("\"leaving\"", "\"even\"", StringComparison.Ordinal);
        foreach (var id in ids)
        {
            string digest;
            using (var pack = NewOfferPackStore.Create(_folder.Data, id, Week))
            {
                foreach (var (number, key) in Enumerable.Range(0, Customers).Select(i => (Number: i, Key: $"C{i:000}")).OrderBy(customer => Hash64.Of(customer.Key)))
                {
                    var customerNumber = NumberOf(key);
                    var offers = IsHeldOut(number) || number % 4 == 1 ? Array.Empty<Offer>() : [Shop.Offer(customerNumber, 0, 1, 10)];
                    pack.Add(new CustomerId(customerNumber), Hash64.Of(key), number % 4 == 0 ? 0 : 1, IsHeldOut(number), offers);
                }

                digest = pack.Commit();
            }

            // Customers and goods other than in the pack: what a trial tells is taken from it alone.
            TrialStore.Write(_folder.Data.Trial(id), id, [.. Enumerable.Range(0, Customers).SelectMany(Tried)]);
            new WaveStore(_state).Add(new Wave(id, WaveStatus.Published, Week, 1, plan, "s", "m", digest, "ann", "bob", Shop.Now));
        }

        return CountJob.Count(_folder.Data, _state, [.. ids.Select(id => (new WaveStore(_state).Get(id), Published))], null, TestContext.Current.CancellationToken);
    }

    IEnumerable<TrialOffer> Tried(int number)
    {
        if (number % 3 == 0) yield return new TrialOffer(NumberOf($"C{number:000}"), 1, SlotKind.Habit, IsHeldOut(number), 1_000, 0.5f, 1, 1_000, 600);
        if (number % 2 == 0) yield return new TrialOffer(NumberOf($"C{number:000}"), 2, SlotKind.Discovery, IsHeldOut(number), 1_000, 0.5f, 1, 2_000, 0);
    }

    static string PlanFileText()
    {
        var plan = File.ReadAllText(Path.Combine(SharedData.Repository, "samples/plan.json"));
        var from = plan.IndexOf("    { \"name\": \"frequent\"", StringComparison.Ordinal);
        var to = plan.IndexOf("    { \"name\": \"new\"", StringComparison.Ordinal);
        plan = plan[..from] + "    { \"name\": \"others\" }" + plan[(to + "    { \"name\": \"new\" }".Length)..];
        return System.Text.RegularExpressions.Regex.Replace(plan, "\"slots\": \\{.*?\\n  \\}", "\"slots\": { \"leaving\": { \"habit\": 1 }, \"others\": { \"habit\": 1 } }", System.Text.RegularExpressions.RegexOptions.Singleline);
    }

    int NumberOf(string key)
    {
        using var connection = _state.Connect();
        return Dapper.SqlMapper.QuerySingle<int>(connection, "select number from customer where key = @key", new { key });
    }

    void Import(params string[] files)
    {
        var result = ImportJob.Run(_folder.Data, _state, new ImportRequest([.. files]), new DateTime(2026, 12, 7), null, TestContext.Current.CancellationToken);
        Assert.All(result.Files, file => Assert.Null(file.Failure));
        Assert.DoesNotContain(result.Rejected.Keys, reason => reason != Volna.Intake.Files.RejectReason.DuplicateReceipt);
    }
}
