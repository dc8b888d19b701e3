using System.Globalization;
using System.Text;

namespace Volna.Reports.Page;

/// <summary>HTML of a page, in its language.</summary>
sealed class PageWriter(Language language)
{
    readonly StringBuilder _html = new();

    public Language Language { get; } = language;

    public string In(string english, string russian) => new Text(english, russian).In(Language);

    public void Add(FormattableString html) => _html.Append(html.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => _html.ToString();
}
