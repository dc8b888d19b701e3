using System.Globalization;
using System.Text;

namespace Volna.Reports.Slides.Pdf;

/// <summary>The objects of a PDF file with their places (ISO 32000-1, 7.5). Nothing is packed: a few slides are small, and the same report gives the same bytes.</summary>
sealed class PdfFile
{
    readonly List<byte> _bytes = [.. "%PDF-1.7\n%\u00E2\u00E3\u00CF\u00D3\n"u8];
    readonly List<int> _places = [];

    /// <summary>A number for an object that others name before it is added.</summary>
    public int Reserve()
    {
        _places.Add(-1);
        return _places.Count;
    }

    /// <summary>Adds an object.</summary>
    /// <returns>Its number.</returns>
    public int Add(string content) => Add(Reserve(), content);

    /// <summary>Adds the object of a number that was reserved.</summary>
    public int Add(int number, string content)
    {
        Begin(number);
        Write($"{content}\nendobj\n");
        return number;
    }

    /// <summary>Adds a stream of bytes.</summary>
    /// <returns>Its number.</returns>
    public int Add(byte[] content)
    {
        var number = Reserve();
        Begin(number);
        Write($"<< /Length {content.Length} /Length1 {content.Length} >>\nstream\n");
        _bytes.AddRange(content);
        Write("\nendstream\nendobj\n");
        return number;
    }

    /// <summary>The whole file.</summary>
    /// <param name="root">Number of the catalogue.</param>
    /// <param name="info">Number of the document's description.</param>
    public byte[] Finish(int root, int info)
    {
        var table = _bytes.Count;
        Write($"xref\n0 {_places.Count + 1}\n0000000000 65535 f \n");
        foreach (var place in _places) Write($"{place:0000000000} 00000 n \n");
        Write($"trailer\n<< /Size {_places.Count + 1} /Root {root} 0 R /Info {info} 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return [.. _bytes];
    }

    /// <summary>A text outside of the pages, such as the title.</summary>
    public static string Text(string text) => $"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}>";

    void Begin(int number)
    {
        if (_places[number - 1] >= 0) throw new InvalidOperationException($"Object {number} was added twice.");
        _places[number - 1] = _bytes.Count;
        Write($"{number} 0 obj\n");
    }

    void Write(FormattableString text) => _bytes.AddRange(Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture)));

    void Write(string text) => _bytes.AddRange(Encoding.ASCII.GetBytes(text));
}
