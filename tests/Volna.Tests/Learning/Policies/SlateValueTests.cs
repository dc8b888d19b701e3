using Volna.Kernels;
using Volna.Learning.Policies;

namespace Volna.Tests.Learning.Policies;

/// <summary>
/// Slates of four places; each is filled at 10 % or, one in five times, at 20 %; a fifth of the slates is withheld. A deep discount lessens what comes of the next place. The policy to be valued
/// fills the first three deep three in five times and leaves the last empty.
/// </summary>
public sealed class SlateValueTests
{
    const int Places = 4;
    const double WithheldShare = 0.2, LoggedDeep = 0.2, TargetDeep = 0.6;

    /// <summary>Expected margin of a place: withheld 10, shown 20, deep 32; 6 less where the place before it is deep.</summary>
    static double Margin(bool isShown, bool isDeep, bool isNextToDeep) => (isShown ? (isDeep ? 32 : 20) : 10) - (isShown && isNextToDeep ? 6 : 0);

    static readonly double Truth = (3 * ((TargetDeep * 32) + ((1 - TargetDeep) * 20))) - (2 * TargetDeep * 6) + 10;

    [Fact]
    public void Whole_slates_are_valued_without_bias_and_with_less_doubt_than_by_the_product_of_ratios()
    {
        const int Worlds = 200;
        var (held, sum, narrower, whole) = (0, 0.0, 0, 0.0);
        var widths = 0.0;
        for (var world = 0; world < Worlds; world++)
        {
            var value = SlateValue.Of(Log(2_000, world));
            Assert.Equal(NoPolicyValue.None, value.Verdict);
            var (additive, product) = (value.Value!.Value, value.WholeSlates!.Value);
            if (additive.Lower <= Truth && Truth <= additive.Upper) held++;
            if (Width(additive) < Width(product)) narrower++;
            sum += additive.Value;
            whole += product.Value;
            widths += Width(additive);
        }

        Assert.InRange(held, 182, 198);
        // Each world's mean is off by a fourth of its interval's width; the mean of all worlds by far less.
        var error = widths / Worlds / 4 / Math.Sqrt(Worlds);
        Assert.InRange(sum / Worlds, Truth - (4 * error), Truth + (4 * error));
        Assert.InRange(whole / Worlds, Truth - (12 * error), Truth + (12 * error));
        Assert.Equal(Worlds, narrower);
    }

    [Fact]
    public void Place_by_place_the_policy_looks_better_than_it_is_because_deep_neighbours_are_forgotten()
    {
        var log = Log(40_000, 1);
        var single = log.SelectMany(slate => slate.Places.Select(place => place switch
        {
            { IsFilled: true } => new LoggedDecision(place.Reward, [slate.IsWithheld ? WithheldShare : 1 - WithheldShare], [slate.IsWithheld ? 0 : place.Ratio], null, null, slate.Group),
            _ => new LoggedDecision(place.Reward, [slate.IsWithheld ? WithheldShare : 1 - WithheldShare], [slate.IsWithheld ? 1 : 0], null, null, slate.Group),
        })).ToList();
        Assert.True(Places * OffPolicy.Of(single).Ips!.Value.Lower > Truth);
        var value = SlateValue.Of(log).Value!.Value;
        Assert.InRange(Truth, value.Lower - 1, value.Upper + 1);
    }

    [Fact]
    public void The_difference_to_what_was_done_has_the_truth_in_it()
    {
        var log = Log(40_000, 2);
        var asItWas = log.Select(slate => slate with { Places = [.. slate.Places.Select(place => place with { IsFilled = true, Ratio = 1 })] }).ToList();
        var done = (Places * ((LoggedDeep * 32) + ((1 - LoggedDeep) * 20))) - (3 * LoggedDeep * 6);
        var (before, more) = (SlateValue.Of(asItWas).Value!.Value, SlateValue.Difference(log, asItWas));
        Assert.InRange(done, before.Lower - 0.5, before.Upper + 0.5);
        Assert.InRange(Truth - done, more.Lower - 1, more.Upper + 1);
    }

    [Fact]
    public void Where_places_were_hardly_ever_filled_like_that_or_nothing_was_withheld_there_is_no_value()
    {
        var thin = SlateValue.Of(Log(120, 3));
        Assert.Equal((NoPolicyValue.SupportTooThin, (PolicyEstimate?)null), (thin.Verdict, thin.Value));
        Assert.InRange(thin.EffectiveSlates, 1, 99);
        var never = SlateValue.Of([.. Log(5_000, 3).Where(slate => !slate.IsWithheld).Select(slate => slate with { WithheldShare = 0 })]);
        Assert.Equal((NoPolicyValue.SupportTooThin, 0.0, (PolicyEstimate?)null, (PolicyEstimate?)null), (never.Verdict, never.EffectiveSlates, never.Value, never.WholeSlates));
    }

    [Fact]
    public void Wrong_propensities_are_noticed()
    {
        var wrong = SlateValue.Of([.. Log(5_000, 4).Select(slate => slate with { Places = [.. slate.Places.Select(place => place with { Ratio = 2 * place.Ratio })] })]);
        Assert.Equal((NoPolicyValue.WeightsDoNotAddUp, (PolicyEstimate?)null), (wrong.Verdict, wrong.Value));
    }

    [Fact]
    public void Slates_of_one_customer_that_rise_and_fall_together_give_no_false_certainty()
    {
        var alone = Log(4_000, 5);
        var together = alone.Take(1_000).SelectMany(slate => Enumerable.Repeat(slate, 4)).ToList();
        Assert.InRange(Width(SlateValue.Of(together).Value!.Value) / Width(SlateValue.Of(alone).Value!.Value), 1.6, 2.4);
    }

    static double Width(PolicyEstimate estimate) => estimate.Upper - estimate.Lower;

    static List<LoggedSlate> Log(int slates, int world)
    {
        var draw = new Draw(7, "slates", (ulong)world);
        return [.. Enumerable.Range(0, slates).Select(number =>
        {
            var withheld = draw.NextUnit() < WithheldShare;
            bool[] deep = [.. Enumerable.Range(0, Places).Select(_ => draw.NextUnit() < LoggedDeep)];
            return new LoggedSlate(number, withheld, WithheldShare, [.. Enumerable.Range(0, Places).Select(place => new LoggedPlace(
                Margin(!withheld, deep[place], place > 0 && deep[place - 1]) + (5 * draw.NextNormal()), place < Places - 1,
                place == Places - 1 ? 0 : deep[place] ? TargetDeep / LoggedDeep : (1 - TargetDeep) / (1 - LoggedDeep)))]);
        })];
    }
}
