using System.Globalization;
using System.Text;
using Volna.Reports.Statistics;

namespace Volna.Reports.Page;

/// <summary>
/// A curve from nothing at 0 % to its end at 100 % of the customers, with its intervals and the straight line of a blind choice. As in
/// <see cref="IntervalChart"/>, labels are HTML beside the picture.
/// </summary>
public static class CurveChart
{
    /// <param name="points">At equal steps up to 100 %.</param>
    /// <param name="scaleText">Writes a value of the scale.</param>
    /// <param name="across">What the steps are shares of.</param>
    public static string Of(string title, IReadOnlyList<Effect> points, Func<double, string> scaleText, string across)
    {
        double low = Math.Min(0, points.Min(point => point.Lower)), high = Math.Max(0, points.Max(point => point.Upper));
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<figure class=\"curve\"><figcaption>{Html.Of(title)}</figcaption>\n<div class=\"plot\"><div class=\"side\">");
        foreach (var tick in IntervalChart.Ticks(low, high)) html.Append(CultureInfo.InvariantCulture, $"<span style=\"top:{Down(tick)}%\">{Html.Of(scaleText(tick))}</span>");
        html.Append(CultureInfo.InvariantCulture, $"</div><svg viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{Html.Of(title)}\">");
        html.Append(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"0\" x2=\"100\" y1=\"{Down(0)}\" y2=\"{Down(0)}\"/>");
        html.Append(CultureInfo.InvariantCulture, $"<line class=\"zero\" x1=\"0\" x2=\"100\" y1=\"{Down(0)}\" y2=\"{Down(points[^1].Difference)}\"/>");
        Line("bound", points.Select(point => point.Lower));
        Line("bound", points.Select(point => point.Upper));
        Line("middle", points.Select(point => point.Difference));
        html.Append("</svg></div>\n<div class=\"across\"><span style=\"left:0%\">0 %</span><span style=\"left:50%\">50 %</span><span style=\"left:100%\">100 %</span></div>");
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"legend\">{Html.Of(across)}</div></figure>\n");
        return html.ToString();

        void Line(string name, IEnumerable<double> values)
        {
            html.Append(CultureInfo.InvariantCulture, $"<polyline class=\"{name}\" points=\"0,{Down(0)}");
            var at = 0;
            foreach (var value in values) html.Append(CultureInfo.InvariantCulture, $" {(++at * 100.0 / points.Count).ToString("0.##", CultureInfo.InvariantCulture)},{Down(value)}");
            html.Append("\"/>");
        }

        string Down(double value) => ((high - value) / (high - low) * 100).ToString("0.##", CultureInfo.InvariantCulture);
    }
}
