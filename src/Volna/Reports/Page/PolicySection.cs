using Volna.Learning.Policies;
using Volna.Reports.Policies;

namespace Volna.Reports.Page;

/// <summary>The part of a page that tells what other policies of depth would have brought.</summary>
static class PolicySection
{
    public static void Add(PageWriter page, PolicyView view)
    {
        var language = page.Language;
        page.Add($"<h2 id=\"policies\">{page.In("What other depths would have brought", "Что принесли бы другие скидки")}</h2>\n<p>{Html.Of(view.Sentence().In(language))}</p>\n");
        if (view.IsEmpty) return;
        page.Add($"<p>{Html.Of(PolicyTexts.Explained.In(language))}</p>\n");
        EffectTable.Begin(page, page.In("policy", "выбор глубины"), Term.OfferMargin, Term.MoreThanOwn, Term.OtherEstimators, Term.WorthOffers);
        page.Add($"<tr><th scope=\"row\">{page.In("as the wave did", "как в волне")}</th><td data-label=\"{page.Name(Term.OfferMargin)}\">{FigureText.Of(MetricUnit.Money, view.Policies[0].Estimate.Logging, language)}</td><td></td><td></td><td data-label=\"{page.Name(Term.WorthOffers)}\">{FigureText.Count(view.Decisions, language)}</td></tr>\n");
        foreach (var policy in view.Policies)
        {
            page.Add($"<tr><th scope=\"row\">{Html.Of(policy.Policy.Name().In(language))}</th>");
            if (policy is { Gain: { } gain, Estimate.Snips: { } value })
                page.Add($"<td data-label=\"{page.Name(Term.OfferMargin)}\">{Value(value)}</td><td data-label=\"{page.Name(Term.MoreThanOwn)}\" class=\"{(gain.IsSure ? "sure" : "unsure")}\">{FigureText.WithSign(MetricUnit.Money, gain.Difference, language)}<small>{FigureText.Interval(MetricUnit.Money, gain, language)}</small></td><td data-label=\"{page.Name(Term.OtherEstimators)}\"><small>IPS {Short(policy.Estimate.Ips)}</small><small>{(policy.Estimate.DoublyRobust is null ? "" : $"{page.In("doubly robust", "двойная устойчивость")} {Short(policy.Estimate.DoublyRobust)}")}</small></td>");
            else page.Add($"<td colspan=\"3\" class=\"none\">{page.In("not enough data", "мало данных")}: {Html.Of(policy.Estimate.Explain().In(language))}</td>");
            page.Add($"<td data-label=\"{page.Name(Term.WorthOffers)}\">{FigureText.Count((long)policy.Estimate.EffectiveDecisions, language)}</td></tr>\n");
        }

        page.Add($"</tbody></table></div>\n");

        string Value(PolicyEstimate estimate) => $"{FigureText.Of(MetricUnit.Money, estimate.Value, language)}<small>{FigureText.Of(MetricUnit.Money, estimate.Lower, language)} … {FigureText.Of(MetricUnit.Money, estimate.Upper, language)}</small>";

        string Short(PolicyEstimate? estimate) => estimate is { } one ? $"{FigureText.Of(MetricUnit.Money, one.Value, language)} ({FigureText.Of(MetricUnit.Money, one.Lower, language)} … {FigureText.Of(MetricUnit.Money, one.Upper, language)})" : "—";
    }
}
