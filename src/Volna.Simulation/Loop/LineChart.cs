using System.Globalization;
using System.Text;
using Volna.Reports.Page;

namespace Volna.Simulation.Loop;

/// <summary>Lines over weeks on a common scale, with intervals at some of them; the numbers are HTML and only the marks are SVG, as in <see cref="IntervalChart"/>.</summary>
static class LineChart
{
    public const string Css = """
        .lines{margin:1rem 0}.lines figcaption{color:var(--soft);font-size:.9rem;margin-bottom:.3rem}.lines .plot{display:grid;grid-template-columns:5.5rem 1fr;gap:.4rem}
        .lines svg{width:100%;height:16rem;display:block;overflow:visible}.lines svg *{vector-effect:non-scaling-stroke;fill:none}.lines .up{position:relative;height:16rem;color:var(--soft);font-size:.8rem}
        .lines .up span{position:absolute;right:0;transform:translateY(50%);white-space:nowrap}.lines .grid{stroke:var(--line);stroke-width:1}.lines .zero{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 3}
        .lines .along{grid-column:2;position:relative;height:1.4rem;color:var(--soft);font-size:.8rem}.lines .along span{position:absolute;transform:translateX(-50%);white-space:nowrap}
        .lines polyline{stroke-width:2.5}.lines .reach{stroke-width:1.5;opacity:.65}.c0{stroke:#0b6e99;background:#0b6e99}.c1{stroke:#c2410c;background:#c2410c}.c2{stroke:#4d7c0f;background:#4d7c0f}.c3{stroke:#7e22ce;background:#7e22ce}
        @media (prefers-color-scheme:dark){.c0{stroke:#6cc5ec;background:#6cc5ec}.c1{stroke:#fdba74;background:#fdba74}.c2{stroke:#bef264;background:#bef264}.c3{stroke:#d8b4fe;background:#d8b4fe}}
        .lines .key{color:var(--soft);font-size:.85rem}.lines .key i{display:inline-block;width:1.4rem;height:.25rem;margin:0 .35rem 0 1rem;vertical-align:middle}
        """;

    /// <param name="Values">One a week.</param>
    /// <param name="Intervals">Week from 1, lower and upper end.</param>
    public sealed record Line(string Label, IReadOnlyList<double> Values, IReadOnlyList<(int Week, double Lower, double Upper)> Intervals);

    /// <param name="scaleText">Writes a value of the scale.</param>
    /// <param name="week">What stands before the number of a week.</param>
    public static string Of(string title, IReadOnlyList<Line> lines, Func<double, string> scaleText, string week)
    {
        var weeks = lines.Max(line => line.Values.Count);
        var all = lines.SelectMany(line => line.Values.Concat(line.Intervals.SelectMany(one => (double[])[one.Lower, one.Upper]))).Append(0).ToList();
        double low = all.Min(), high = all.Max();
        if (high == low) high = low + 1;
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<figure class=\"lines\"><figcaption>{Html.Of(title)}</figcaption><div class=\"plot\"><div class=\"up\">");
        var ticks = IntervalChart.Ticks(low, high);
        foreach (var tick in ticks) html.Append(CultureInfo.InvariantCulture, $"<span style=\"bottom:{Number((tick - low) / (high - low) * 100)}%\">{Html.Of(scaleText(tick))}</span>");
        html.Append(CultureInfo.InvariantCulture, $"</div><svg viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{Html.Of(title)}\">");
        foreach (var tick in ticks) html.Append(CultureInfo.InvariantCulture, $"<line class=\"{(tick == 0 ? "zero" : "grid")}\" x1=\"0\" x2=\"100\" y1=\"{Up(tick)}\" y2=\"{Up(tick)}\"/>");
        for (var i = 0; i < lines.Count; i++)
        {
            var points = string.Join(' ', lines[i].Values.Select((value, at) => $"{Along(at + 1)},{Up(value)}").Prepend($"{Along(0)},{Up(0)}"));
            html.Append(CultureInfo.InvariantCulture, $"<polyline class=\"c{i % 4}\" points=\"{points}\"/>");

            // Intervals of the same week stand side by side.
            foreach (var (at, lower, upper) in lines[i].Intervals)
            {
                var x = Number(((at + (0.12 * i)) / (weeks + 0.4)) * 100);
                html.Append(CultureInfo.InvariantCulture, $"<line class=\"reach c{i % 4}\" x1=\"{x}\" x2=\"{x}\" y1=\"{Up(lower)}\" y2=\"{Up(upper)}\"/>");
            }
        }

        html.Append("</svg><div class=\"along\">");
        foreach (var at in Enumerable.Range(1, weeks).Where(at => at == 1 || at == weeks || (weeks > 8 ? at % 8 == 0 && at < weeks - 2 : weeks <= 8)))
            html.Append(CultureInfo.InvariantCulture, $"<span style=\"left:{Along(at)}%\">{Html.Of(at == 1 ? week + " 1" : at.ToString(CultureInfo.InvariantCulture))}</span>");
        html.Append("</div></div><div class=\"key\">");
        for (var i = 0; i < lines.Count; i++) html.Append(CultureInfo.InvariantCulture, $"<i class=\"c{i % 4}\"></i>{Html.Of(lines[i].Label)}");
        html.Append("</div></figure>\n");
        return html.ToString();

        string Along(int at) => Number(at / (weeks + 0.4) * 100);

        string Up(double value) => Number((high - value) / (high - low) * 100);
    }

    static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
