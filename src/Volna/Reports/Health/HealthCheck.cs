using Volna.Offers.Plans;

namespace Volna.Reports.Health;

/// <summary>One figure of one day, as measured.</summary>
public readonly record struct Measured(HealthFigure Figure, DateOnly Day, double Value);

/// <summary>A figure with its band.</summary>
/// <param name="Corridor">Null where none is set and there is too little history to learn one.</param>
/// <param name="Stops">True where the plan says that its breach takes the wave back.</param>
public sealed record Health(Measured Measured, Corridor? Corridor, bool Stops)
{
    public bool IsWell => Corridor is null || Corridor.Contains(Measured.Value);

    /// <summary>The band as people read it.</summary>
    public string Band(Language language)
    {
        string Write(double value) => Measured.Figure.Write(value, language);
        return Corridor switch
        {
            { AtLeast: { } low, AtMost: { } high } => $"{Write(low)} … {Write(high)}",
            { AtLeast: { } low } => $"≥ {Write(low)}",
            { AtMost: { } high } => $"≤ {Write(high)}",
            _ => "—",
        };
    }

    /// <summary>The breach in a sentence.</summary>
    public Text Sentence(string wave)
    {
        return new(In(Language.English), In(Language.Russian));

        string In(Language language)
        {
            var learnt = Corridor is { Days: > 0 and var days }
                ? new Text($", learnt from {days} days", $", по {days} {Languages.Plural(days, "дню", "дням", "дням")}").In(language)
                : "";
            return new Text(
                $"Wave {wave}, {FigureText.Day(Measured.Day, language)}: {Measured.Figure.Name().English} is {Measured.Figure.Write(Measured.Value, language)}, the corridor is {Band(language)}{learnt}.",
                $"Волна {wave}, {FigureText.Day(Measured.Day, language)}: {Measured.Figure.Name().Russian} — {Measured.Figure.Write(Measured.Value, language)}, коридор {Band(language)}{learnt}.").In(language);
        }
    }
}

/// <summary>Judges what was measured of a live wave.</summary>
static class HealthCheck
{
    /// <param name="history">Earlier days of a figure.</param>
    public static IReadOnlyList<Health> Judge(IEnumerable<Measured> measured, WatchRules rules, Func<HealthFigure, IEnumerable<(DateOnly Day, double Value)>> history) =>
        [.. measured.Select(one => new Health(
            one,
            rules.Bands.TryGetValue(one.Figure, out var band) ? Corridor.Of(band) : Corridor.Learn(one.Figure, one.Day, history(one.Figure)),
            rules.Stop.Contains(one.Figure)))];
}
