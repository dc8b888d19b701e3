using System.Globalization;
using System.Text;

namespace Volna.Reports.Slides.Pdf;

/// <summary>A place on a page in points, measured from the top left.</summary>
readonly record struct Box(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;
}

/// <summary>A colour of the screen; printers make their own of it.</summary>
readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    public static readonly Rgb White = new(255, 255, 255);
}

/// <summary>What is drawn on a page, as the operators of ISO 32000-1, annex A.</summary>
sealed class PdfPage(double height)
{
    readonly StringBuilder _content = new();

    /// <summary>Where a click leads to another page.</summary>
    public List<(Box At, int Page)> Links { get; } = [];

    public byte[] Content => Encoding.ASCII.GetBytes(_content.ToString());

    /// <param name="isBold">The second of the document's fonts.</param>
    /// <param name="baseline">From the top.</param>
    /// <param name="codes">Glyphs in hexadecimal digits, see <see cref="PdfFont.Encode"/>.</param>
    public void Text(bool isBold, double size, Rgb color, double x, double baseline, string codes) =>
        Add($"BT {Part(color.Red)} {Part(color.Green)} {Part(color.Blue)} rg /{(isBold ? "F2" : "F1")} {Number(size)} Tf {Number(x)} {Number(height - baseline)} Td <{codes}> Tj ET");

    public void Line(Rgb color, double width, double x1, double y1, double x2, double y2, bool isDashed = false) =>
        Add($"{Stroke(color, width)} {(isDashed ? "[3 3] 0 d" : "[] 0 d")} {Number(x1)} {Number(height - y1)} m {Number(x2)} {Number(height - y2)} l S");

    public void Fill(Rgb color, Box box) => Add($"{FillColor(color)} {Number(box.X)} {Number(height - box.Bottom)} {Number(box.Width)} {Number(box.Height)} re f");

    public void Frame(Rgb color, double width, Box box) => Add($"{Stroke(color, width)} [] 0 d {Number(box.X)} {Number(height - box.Bottom)} {Number(box.Width)} {Number(box.Height)} re S");

    /// <summary>A circle, drawn by four curves (the usual 0.5523 of the radius for their handles).</summary>
    public void Circle(Rgb line, Rgb inside, double width, double x, double y, double radius)
    {
        var (middle, handle) = (height - y, radius * 0.5523);
        Add($"{Stroke(line, width)} [] 0 d {FillColor(inside)} {Number(x + radius)} {Number(middle)} m");
        Curve(x + radius, middle + handle, x + handle, middle + radius, x, middle + radius);
        Curve(x - handle, middle + radius, x - radius, middle + handle, x - radius, middle);
        Curve(x - radius, middle - handle, x - handle, middle - radius, x, middle - radius);
        Curve(x + handle, middle - radius, x + radius, middle - handle, x + radius, middle);
        Add($"b");

        void Curve(double x1, double y1, double x2, double y2, double x3, double y3) => Add($"{Number(x1)} {Number(y1)} {Number(x2)} {Number(y2)} {Number(x3)} {Number(y3)} c");
    }

    /// <summary>The page's links as the objects of a file.</summary>
    public IEnumerable<int> Annotations(PdfFile pdf, IReadOnlyList<int> pages) => Links.Select(link => pdf.Add(string.Create(
        CultureInfo.InvariantCulture,
        $"<< /Type /Annot /Subtype /Link /Border [0 0 0] /Rect [{Number(link.At.X)} {Number(height - link.At.Bottom)} {Number(link.At.Right)} {Number(height - link.At.Y)}] /Dest [{pages[link.Page]} 0 R /Fit] >>")));

    void Add(FormattableString operators) => _content.Append(operators.ToString(CultureInfo.InvariantCulture)).Append('\n');

    static string Stroke(Rgb color, double width) => $"{Part(color.Red)} {Part(color.Green)} {Part(color.Blue)} RG {Number(width)} w";

    static string FillColor(Rgb color) => $"{Part(color.Red)} {Part(color.Green)} {Part(color.Blue)} rg";

    static string Part(byte part) => (part / 255.0).ToString("0.###", CultureInfo.InvariantCulture);

    static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
