using Volna.Kernels;
using Volna.Learning;
using Volna.Learning.Demand;

namespace Volna.Tests.Learning;

public sealed class PromotionTests
{
    static readonly TrainedDemand Trained = DemandTraining.Run(PurchaseSource.Of(MadeUpShop.Customers(100, 1)), new DemandOptions());

    [Fact]
    public void The_first_model_and_newer_data_need_no_comparison()
    {
        Assert.Equal((PromotionVerdict.Promoted, PromotionReason.First), Decide(null, 0, 0));
        Assert.Equal((PromotionVerdict.Promoted, PromotionReason.NewerData), Decide(new DemandOptions(), 0.1, 0.9));
    }

    [Theory]
    [InlineData(0.5, 0.4, PromotionVerdict.Promoted)]
    [InlineData(0.5, 0.5, PromotionVerdict.NotBetter)]
    [InlineData(0.4, 0.5, PromotionVerdict.NotBetter)]
    public void Another_way_of_learning_must_beat_the_present_one_on_the_same_days(double found, double present, PromotionVerdict expected) =>
        Assert.Equal(expected, Decide(new DemandOptions { Neighbours = 5 }, found, present).Verdict);

    [Fact]
    public void Windows_of_another_length_are_for_a_person_to_judge() =>
        Assert.Equal(PromotionVerdict.NotComparable, Decide(new DemandOptions { WindowDays = 7 }, 1, 0).Verdict);

    [Fact]
    public void Newer_data_alone_do_not_overrule_a_person_but_a_better_way_of_learning_does()
    {
        Assert.Equal(PromotionVerdict.HeldByPerson, Decide(new DemandOptions(), 0.9, 0.1, isHeld: true).Verdict);
        Assert.Equal(PromotionReason.Better, Decide(new DemandOptions { Neighbours = 5 }, 0.9, 0.1, isHeld: true).Reason);
    }

    static (PromotionVerdict Verdict, PromotionReason Reason) Decide(DemandOptions? present, double found, double presentFound, bool isHeld = false) =>
        Promote.Decide(present, isHeld, new DemandOptions(), Test(found), () => Test(presentFound));

    static BackTest Test(double found) => Trained.BackTest with { All = [new MethodQuality(RankingMethod.Model, new Ranking(found, found, found), default)] };
}
