using System.Globalization;
using System.Text;
using Volna.Reports.Statistics;

namespace Volna.Reports.Page;

/// <summary>
/// Effects with their intervals, one under the other on a common scale. The labels are HTML and only the marks are SVG, stretched to the width
/// there is: so nothing overlaps on a phone, and nothing is clipped.
/// </summary>
public static class IntervalChart
{
    /// <param name="Value">As text, at the right.</param>
    public sealed record Row(string Label, Effect? Effect, string Value)
    {
        /// <summary>Filled, not hollow; among many rows less is sure than an effect by itself.</summary>
        public bool IsSure { get; init; } = Effect is { IsSure: true };
    }

    /// <param name="scaleText">Writes a value of the scale.</param>
    /// <param name="sure">What a filled mark means.</param>
    /// <param name="unsure">What a hollow mark means.</param>
    public static string Of(string title, IReadOnlyList<Row> rows, Func<double, string> scaleText, string sure, string unsure)
    {
        var effects = rows.Select(row => row.Effect).OfType<Effect>().ToList();
        if (effects.Count == 0) return "";
        double low = Math.Min(0, effects.Min(effect => effect.Lower)), high = Math.Max(0, effects.Max(effect => effect.Upper));
        // Where nothing moved there is no scale of its own.
        if (high == low) high = 1;
        var margin = (high - low) * 0.04;
        low -= margin;
        high += margin;

        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<figure class=\"chart\"><figcaption>{Html.Of(title)}</figcaption>\n");
        foreach (var row in rows)
        {
            html.Append(CultureInfo.InvariantCulture, $"<div class=\"row\"><div class=\"label\">{Html.Of(row.Label)}</div>");
            html.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{Html.Of(row.Label + ": " + row.Value)}\">");
            html.Append(CultureInfo.InvariantCulture, $"<line class=\"zero\" x1=\"{At(0)}\" x2=\"{At(0)}\" y1=\"0\" y2=\"10\"/>");
            if (row.Effect is { } effect)
            {
                html.Append(CultureInfo.InvariantCulture, $"<line class=\"whisker\" x1=\"{At(effect.Lower)}\" x2=\"{At(effect.Upper)}\" y1=\"5\" y2=\"5\"/>");
                foreach (var end in (double[])[effect.Lower, effect.Upper])
                    html.Append(CultureInfo.InvariantCulture, $"<line class=\"whisker\" x1=\"{At(end)}\" x2=\"{At(end)}\" y1=\"3\" y2=\"7\"/>");
                // A line of no length with round ends: a dot that stays round however the picture is stretched.
                html.Append(CultureInfo.InvariantCulture, $"<line class=\"dot\" x1=\"{At(effect.Difference)}\" x2=\"{At(effect.Difference)}\" y1=\"5\" y2=\"5\"/>");
                if (!row.IsSure) html.Append(CultureInfo.InvariantCulture, $"<line class=\"hole\" x1=\"{At(effect.Difference)}\" x2=\"{At(effect.Difference)}\" y1=\"5\" y2=\"5\"/>");
            }

            html.Append(CultureInfo.InvariantCulture, $"</svg><div class=\"value\">{Html.Of(row.Value)}</div></div>\n");
        }

        html.Append("<div class=\"row scale\"><div class=\"label\"></div><div class=\"ticks\">");
        foreach (var tick in Ticks(low, high))
            html.Append(CultureInfo.InvariantCulture, $"<span style=\"left:{At(tick)}%\">{Html.Of(scaleText(tick))}</span>");
        html.Append("</div><div class=\"value\"></div></div>\n");
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"legend\"><span class=\"mark\">●</span> {Html.Of(sure)} &#160; <span class=\"mark\">○</span> {Html.Of(unsure)}</div></figure>\n");
        return html.ToString();

        string At(double value) => ((value - low) / (high - low) * 100).ToString("0.##", CultureInfo.InvariantCulture);
    }

    /// <summary>Two to five round numbers within the scale: steps of 1, 2 or 5 times a power of ten.</summary>
    public static IReadOnlyList<double> Ticks(double low, double high)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10((high - low) / 4)));
        var step = new[] { 1, 2, 5, 10, 20 }.Select(times => times * power).First(step => Math.Floor(high / step) - Math.Ceiling(low / step) <= 4);
        var ticks = new List<double>();
        for (var at = Math.Ceiling(low / step); at * step <= high; at++) ticks.Add(at * step);
        return ticks;
    }
}
