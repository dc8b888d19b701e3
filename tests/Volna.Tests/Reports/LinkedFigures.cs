using System.Text.RegularExpressions;

namespace Volna.Tests.Reports;

/// <summary>Every figure of a page leads to its definition.</summary>
static partial class LinkedFigures
{
    public static void Check(string page)
    {
        var defined = Defined().Matches(page).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(defined, defined.Distinct());
        Assert.All(Link().Matches(page), match => Assert.Contains(match.Groups[1].Value, defined));
        Assert.NotEmpty(Named().Matches(page));
        Assert.All(Named().Matches(page), match => Assert.StartsWith("<a href=\"#", match.Groups[1].Value + match.Groups[2].Value, StringComparison.Ordinal));
    }

    [GeneratedRegex("<dt id=\"([^\"]+)\"")]
    private static partial Regex Defined();

    [GeneratedRegex("<a href=\"#([^\"]+)\"")]
    private static partial Regex Link();

    /// <summary>Headings of columns with figures, and names of key figures.</summary>
    [GeneratedRegex("<th scope=\"col\" class=\"right\">(.*?)</th>|<div class=\"name\">(.*?)</div>")]
    private static partial Regex Named();
}
