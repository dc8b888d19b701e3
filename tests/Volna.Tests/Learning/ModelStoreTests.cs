using Volna.Learning;
using Volna.Learning.Demand;

namespace Volna.Tests.Learning;

public sealed class ModelStoreTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero);
    static readonly TrainedDemand First = Train(1), Second = Train(2);

    readonly TemporaryFolder _folder = new();

    ModelStore Store => new(_folder.Data);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Versions_count_up_and_the_newest_is_loaded()
    {
        var (first, _) = Store.Save(First, "aaaa", Now);
        var (second, isNew) = Store.Save(Second, "bbbb", Now);
        Assert.StartsWith("0001-", first, StringComparison.Ordinal);
        Assert.StartsWith("0002-", second, StringComparison.Ordinal);
        Assert.True(isNew);
        Assert.Equal([first, second], Store.Versions());
        Assert.Equal(second, Store.LoadPresent().Version);
        Assert.Equal(DemandFile.Write(First.Model), DemandFile.Write(Store.Load(first)));
    }

    [Fact]
    public void The_very_same_model_is_not_written_twice()
    {
        var (version, _) = Store.Save(First, "aaaa", Now);
        Assert.Equal((version, false), Store.Save(Train(1), "aaaa", Now.AddDays(1)));
    }

    [Fact]
    public void The_card_keeps_where_the_model_comes_from_and_how_good_it_was()
    {
        var (version, _) = Store.Save(First, "aaaa", Now);
        var card = Store.ReadCard(version);
        Assert.Equal(("aaaa", Now, First.Options, First.Model.Day), (card.SnapshotId, card.CreatedAt, card.Options, card.Day));
        Assert.Equal(version[5..], card.Checksum[..8]);
        Assert.Equal(First.BackTest.Window, card.BackTest.Window);
        Assert.Equal(First.BackTest.All, card.BackTest.All);
        Assert.Equal(First.BackTest.Calibration, card.BackTest.Calibration);
    }

    [Fact]
    public void What_a_crash_left_behind_is_no_version_and_goes_with_the_next_save()
    {
        var left = Path.Combine(_folder.Data.Models, ".new-0001-0123abcd");
        Directory.CreateDirectory(left);
        Assert.Empty(Store.Versions());
        Assert.Equal("no-model", Assert.Throws<BadInputException>(() => Store.LoadPresent()).Code);
        Store.Save(First, "aaaa", Now);
        Assert.False(Directory.Exists(left));
        Assert.Single(Store.Versions());
    }

    [Fact]
    public void Another_format_a_damaged_card_and_an_unknown_version_are_refused()
    {
        var (version, _) = Store.Save(First, "aaaa", Now);
        var card = Path.Combine(_folder.Data.Models, version, "model.json");
        var text = File.ReadAllText(card);
        File.WriteAllText(card, text.Replace("\"format\": 5", "\"format\": 99", StringComparison.Ordinal));
        Refused("model-format");
        File.WriteAllText(card, text[..(text.Length / 2)]);
        Refused("model-damaged");
        File.WriteAllText(card, "[]");
        Refused("model-damaged");
        File.Delete(card);
        Refused("model-damaged");
        Assert.Equal("model-unknown", Assert.Throws<BadInputException>(() => Store.Load("0009-00000000")).Code);
        Assert.Equal("model-unknown", Assert.Throws<BadInputException>(() => Store.Load("../state.db")).Code);

        void Refused(string code) => Assert.Equal(code, Assert.Throws<BadInputException>(() => Store.LoadPresent()).Code);
    }

    [Fact]
    public void Waves_keep_to_the_promoted_model_and_a_promotion_can_be_taken_back_step_by_step()
    {
        var (first, _) = Store.Save(First, "aaaa", Now);
        Assert.Equal(first, Store.Present);
        Store.Promote(first, PromotionReason.First, "learn", Now);
        var (second, _) = Store.Save(Second, "bbbb", Now);
        Assert.Equal(first, Store.LoadPresent().Version);
        Store.Promote(second, PromotionReason.Better, "learn", Now);
        Store.Promote(first, PromotionReason.ByPerson, "Anna", Now);
        Assert.Equal(second, Store.RollBack("Anna", Now));
        Assert.Equal(first, Store.RollBack("Anna", Now));
        Assert.Equal(first, Store.LoadPresent().Version);
        Assert.Equal("no-earlier-model", Assert.Throws<BadInputException>(() => Store.RollBack("Anna", Now)).Code);
        Assert.Equal(5, Store.Promotions().Count);
        Assert.Equal("model-unknown", Assert.Throws<BadInputException>(() => Store.Promote("0009-00000000", PromotionReason.ByPerson, "Anna", Now)).Code);
        Assert.Equal([first, second], Store.Versions());
    }

    [Fact]
    public void Models_saved_and_promoted_at_the_same_time_all_stay()
    {
        const int Times = 24;
        var versions = new string[Times];
        Parallel.For(0, Times, new ParallelOptions { MaxDegreeOfParallelism = 8 }, at =>
        {
            versions[at] = Store.Save(at % 2 == 0 ? First : Second, $"{at}", Now).Version;
            Store.Promote(versions[at], PromotionReason.ByPerson, "Anna", Now);
        });
        Assert.Equal(versions.Order(StringComparer.Ordinal), Store.Versions());
        Assert.Equal(Enumerable.Range(1, Times), Store.Versions().Select(version => int.Parse(version[..4], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(versions.Order(StringComparer.Ordinal), Store.Promotions().Select(promotion => promotion.Version).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_person_holds_an_older_model_as_long_as_one_learnt_in_the_same_way_is_newer_that_she_knew_of()
    {
        var (first, _) = Store.Save(First, "aaaa", Now);
        Store.Promote(first, PromotionReason.First, "learn", Now);
        var (second, _) = Store.Save(Second, "bbbb", Now.AddDays(1));
        Store.Promote(second, PromotionReason.NewerData, "learn", Now.AddDays(1));
        Assert.False(Store.IsPresentHeld);
        Store.RollBack("Anna", Now.AddDays(2));
        Assert.True(Store.IsPresentHeld);
        Store.Promote(second, PromotionReason.ByPerson, "Anna", Now.AddDays(3));
        Assert.False(Store.IsPresentHeld);
        // What is learnt later, or in another way, is nothing that she decided against.
        Store.Save(First, "cccc", Now.AddDays(4));
        Assert.False(Store.IsPresentHeld);
        Store.Save(Second with { Asked = Second.Asked with { Neighbours = 5 } }, "dddd", Now.AddDays(2));
        Assert.False(Store.IsPresentHeld);
    }

    [Fact]
    public void A_damaged_list_of_promotions_is_refused_by_name()
    {
        Store.Save(First, "aaaa", Now);
        File.WriteAllText(Path.Combine(_folder.Data.Models, "promotions.json"), "[{");
        Assert.Equal("promotions-damaged", Assert.Throws<BadInputException>(() => Store.LoadPresent()).Code);
    }

    [Fact]
    public void After_a_model_of_another_format_a_new_one_can_be_saved()
    {
        var (first, _) = Store.Save(First, "aaaa", Now);
        var card = Path.Combine(_folder.Data.Models, first, "model.json");
        File.WriteAllText(card, File.ReadAllText(card).Replace("\"format\": 5", "\"format\": 99", StringComparison.Ordinal));
        Assert.Null(Store.FindCard(first));
        Assert.StartsWith("0002-", Store.Save(First, "aaaa", Now).Version, StringComparison.Ordinal);
    }

    static TrainedDemand Train(ulong shop) => DemandTraining.Run(PurchaseSource.Of(MadeUpShop.Customers(100, shop)), new DemandOptions());
}
