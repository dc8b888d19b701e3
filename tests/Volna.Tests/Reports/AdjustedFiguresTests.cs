using Volna.Kernels;
using Volna.Reports;
using Volna.Reports.Statistics;

namespace Volna.Tests.Reports;

public sealed class AdjustedFiguresTests
{
    const int Effect = 3_000;

    [Fact]
    public void What_was_bought_before_narrows_the_interval_around_the_truth()
    {
        var (plain, adjusted, verdict) = Compared(remembers: true);
        Assert.Equal(AdjustmentVerdict.Sound, verdict);
        foreach (var metric in (Metric[])[Metric.SpendPerCustomer, Metric.MarginPerCustomer])
        {
            var (wide, narrow) = (plain[metric].Difference!, adjusted[metric].Difference!);
            Assert.True(narrow.Upper - narrow.Lower < 0.5 * (wide.Upper - wide.Lower));
            var truth = metric == Metric.SpendPerCustomer ? Effect : Effect / 4.0;
            Assert.InRange(truth, narrow.Lower, narrow.Upper);
            Assert.Equal(narrow.Difference * 3_600, adjusted[metric].Total!.Difference, 3);
            Assert.Equal(plain[metric].Treated, adjusted[metric].Treated);
        }

        Assert.Null(adjusted[Metric.AverageCheck].Total);
    }

    [Fact]
    public void Where_nothing_is_known_of_before_the_plain_figures_stand()
    {
        var (plain, adjusted, verdict) = Compared(remembers: false);
        Assert.Equal(AdjustmentVerdict.NothingVaries, verdict);
        Assert.Equal(plain.Metrics, adjusted.Metrics);
    }

    /// <summary>4,000 customers of uneven means, one in ten held out; the others spend three thousand more.</summary>
    static (Population Plain, Population Adjusted, AdjustmentVerdict Verdict) Compared(bool remembers)
    {
        WaveOutcome[] outcomes = [default, default];
        VectorMoments[] numbers = [new(AdjustedFigures.Numbers), new(AdjustedFigures.Numbers)];
        for (var customer = 0; customer < 4_000; customer++)
        {
            var draw = new Draw(17, "customer", (ulong)customer);
            var (arm, means) = (customer % 10 == 0 ? 1 : 0, 50_000 * Math.Exp(draw.NextNormal()));
            CustomerOutcome Lives(int more)
            {
                var spend = (long)(means * (1 + (0.2 * draw.NextNormal()))) + more;
                return new CustomerOutcome(spend, spend / 4, spend, 1 + (int)(spend / 30_000));
            }

            var before = remembers ? Lives(0) : default;
            var own = Lives(arm == 0 ? Effect : 0);
            outcomes[arm] = outcomes[arm].With(own);
            AdjustedFigures.Add(numbers[arm], own, before);
        }

        var plain = Compare.Arms("", outcomes[0], outcomes[1], isOver: true);
        return (plain, AdjustedFigures.Adjust(plain, numbers[0], numbers[1], out var verdict), verdict);
    }
}
