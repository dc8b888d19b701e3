using System.Globalization;
using System.Text;
using Volna.Learning.Policies;
using Volna.Reports.Policies;

namespace Volna.Reports.Page;

/// <summary>The part of a page that tells what other policies of depth would have brought.</summary>
public static class PolicySection
{
    public static string Of(PolicyView view, Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);
        var html = new StringBuilder();
        void Add(FormattableString text) => html.Append(text.ToString(CultureInfo.InvariantCulture));

        Add($"<h2 id=\"policies\">{In("What other depths would have brought", "Что принесли бы другие скидки")}</h2>\n<p>{Html.Of(view.Sentence().In(language))}</p>\n");
        if (view.IsEmpty) return html.ToString();
        Add($"<p>{Html.Of(PolicyTexts.Explained.In(language))}</p>\n");
        string[] heads = [In("policy", "выбор глубины"), In("margin an offer", "маржа на предложение"), In("more than the wave's own", "больше, чем у волны"), In("other estimators", "другие оценки"), In("worth offers of its own", "равно собственным предложениям")];
        Add($"<div class=\"scroll\"><table><thead><tr>{string.Concat(heads.Select((head, i) => $"<th scope=\"col\"{(i > 0 ? " class=\"right\"" : "")}>{Html.Of(head)}</th>"))}</tr></thead><tbody>\n");
        Add($"<tr><th scope=\"row\">{In("as the wave did", "как в волне")}</th><td data-label=\"{Html.Of(heads[1])}\">{FigureText.Of(MetricUnit.Money, view.Policies[0].Estimate.Logging, language)}</td><td></td><td></td><td data-label=\"{Html.Of(heads[4])}\">{FigureText.Count(view.Decisions, language)}</td></tr>\n");
        foreach (var policy in view.Policies)
        {
            Add($"<tr><th scope=\"row\">{Html.Of(policy.Policy.Name().In(language))}</th>");
            if (policy is { Gain: { } gain, Estimate.Snips: { } value })
                Add($"<td data-label=\"{Html.Of(heads[1])}\">{Value(value)}</td><td data-label=\"{Html.Of(heads[2])}\" class=\"{(gain.IsSure ? "sure" : "unsure")}\">{FigureText.WithSign(MetricUnit.Money, gain.Difference, language)}<small>{FigureText.Interval(MetricUnit.Money, gain, language)}</small></td><td data-label=\"{Html.Of(heads[3])}\"><small>IPS {Short(policy.Estimate.Ips)}</small><small>{(policy.Estimate.DoublyRobust is null ? "" : $"{In("doubly robust", "двойная устойчивость")} {Short(policy.Estimate.DoublyRobust)}")}</small></td>");
            else Add($"<td colspan=\"3\" class=\"none\">{In("not enough data", "мало данных")}: {Html.Of(policy.Estimate.Explain().In(language))}</td>");
            Add($"<td data-label=\"{Html.Of(heads[4])}\">{FigureText.Count((long)policy.Estimate.EffectiveDecisions, language)}</td></tr>\n");
        }

        Add($"</tbody></table></div>\n");
        return html.ToString();

        string Value(PolicyEstimate estimate) => $"{FigureText.Of(MetricUnit.Money, estimate.Value, language)}<small>{FigureText.Of(MetricUnit.Money, estimate.Lower, language)} … {FigureText.Of(MetricUnit.Money, estimate.Upper, language)}</small>";

        string Short(PolicyEstimate? estimate) => estimate is { } one ? $"{FigureText.Of(MetricUnit.Money, one.Value, language)} ({FigureText.Of(MetricUnit.Money, one.Lower, language)} … {FigureText.Of(MetricUnit.Money, one.Upper, language)})" : "—";
    }
}
