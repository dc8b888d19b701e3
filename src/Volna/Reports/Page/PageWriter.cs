using System.Globalization;
using System.Text;

namespace Volna.Reports.Page;

/// <summary>HTML of a page, in its language.</summary>
sealed class PageWriter(Language language)
{
    readonly StringBuilder _html = new();
    readonly List<Term> _terms = [];

    public Language Language { get; } = language;

    public string In(string english, string russian) => new Text(english, russian).In(Language);

    public void Add(FormattableString html) => _html.Append(html.ToString(CultureInfo.InvariantCulture));

    /// <summary>A term's name, or other words for it, leading to its definition at the end of the page.</summary>
    public string Link(Term term, Text? words = null)
    {
        if (!_terms.Contains(term)) _terms.Add(term);
        return Link(term.Anchor, words ?? term.Name);
    }

    public string Link(Metric metric, Text? words = null) => Link(metric.Anchor(), words ?? metric.Name());

    string Link(string anchor, Text words) => $"<a href=\"#{anchor}\">{Html.Of(words.In(Language))}</a>";

    public string Name(Term term) => Html.Of(term.Name.In(Language));

    /// <summary>The metrics' definitions and those of the terms that were linked.</summary>
    public void Definitions(IEnumerable<Metric> metrics)
    {
        Add($"<dl class=\"definitions\">\n");
        foreach (var metric in metrics) Define(metric.Anchor(), metric.Name(), metric.Definition());
        foreach (var term in _terms) Define(term.Anchor, term.Name, term.Definition);
        Add($"</dl>\n");

        void Define(string anchor, Text name, Text definition) => Add($"<dt id=\"{anchor}\">{Html.Of(name.In(Language))}</dt><dd>{Html.Of(definition.In(Language))}</dd>\n");
    }

    public override string ToString() => _html.ToString();
}
