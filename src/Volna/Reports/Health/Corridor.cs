using Volna.Offers.Plans;

namespace Volna.Reports.Health;

/// <summary>Where a figure is well: bounds with both ends included, null doesn't bound.</summary>
/// <param name="Days">So many earlier days it was learnt from; 0 where it was set.</param>
public sealed record Corridor(double? AtLeast, double? AtMost, int Days)
{
    /// <summary>Fewer days of history teach no band.</summary>
    public const int LeastDays = 4;

    /// <summary>Older days aren't like today any more.</summary>
    public const int MostDays = 84;

    // Four standard deviations: looked at every day, a quiet figure gives a false alarm about once in forty years, one with fatter tails more often.
    const double Deviations = 4;

    // What scales the median distance from the median to a standard deviation, for a normal distribution.
    const double OfMedianDistance = 1.4826;

    // A figure that hardly moved isn't unwell because it moved a little.
    const double LeastShare = 0.1;

    /// <summary>The band that the plan sets.</summary>
    public static Corridor Of(Band band) => new((double?)band.AtLeast, (double?)band.AtMost, 0);

    /// <summary>
    /// Learns a band from earlier days: the median of those of the same day of the week, and as far from it as four deviations. Medians, because one
    /// odd day, a holiday or a broken import, must not widen the band (Rousseeuw, Croux, "Alternatives to the median absolute deviation", JASA 88, 1993).
    /// </summary>
    /// <returns>Null where there are too few days.</returns>
    public static Corridor? Learn(HealthFigure figure, DateOnly day, IEnumerable<(DateOnly Day, double Value)> history)
    {
        var values = history
            .Where(one => one.Day < day && one.Day >= day.AddDays(-MostDays) && (!figure.IsSeasonal() || one.Day.DayOfWeek == day.DayOfWeek))
            .Select(one => one.Value).ToList();
        if (values.Count < LeastDays) return null;
        var middle = Median(values);
        var distance = Math.Max(Deviations * OfMedianDistance * Median(values.ConvertAll(value => Math.Abs(value - middle))), LeastShare * Math.Abs(middle));
        var side = figure.Side();
        return new Corridor(side == Unwell.High ? null : middle - distance, side == Unwell.Low ? null : middle + distance, values.Count);
    }

    public bool Contains(double value) => !(value < AtLeast) && !(value > AtMost);

    static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        var half = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
