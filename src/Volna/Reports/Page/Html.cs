using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Volna.Reports.Page;

/// <summary>Text for a page: what has a meaning in HTML is escaped, letters of any language stay as they are.</summary>
public static class Html
{
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Of(string text) => Encoder.Encode(text);
}
