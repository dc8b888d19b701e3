using Volna.Reports.Slides.Pdf;
using Volna.Reports.Statistics;

namespace Volna.Reports.Slides;

/// <summary>
/// Slides of A4 across, filled from top to bottom. What doesn't fit goes on to a further slide of the same title, and text is broken into lines by
/// its measured width, so nothing is clipped and nothing overlaps. The only colour is a dark blue that prints as a dark grey.
/// </summary>
sealed class Deck
{
    public const double Width = 842, Height = 595, Margin = 48;
    const double Bottom = Height - 44, Top = 100;

    static readonly Rgb Ink = new(0x1b, 0x1f, 0x24), Soft = new(0x5b, 0x64, 0x70), Line = new(0xd0, 0xd6, 0xdd), Back = new(0xf5, 0xf7, 0xf9), Mark = new(0x0b, 0x4f, 0x75);

    readonly string _footer;
    readonly string _continued;
    readonly List<(int Page, Box At, string Anchor)> _links = [];
    readonly Dictionary<string, int> _anchors = [];
    readonly List<(int Page, Box At, string Text)> _placed = [];
    readonly PdfFont _regular = new(SlideFontStore.Regular, "DejaVuSansCondensed"), _bold = new(SlideFontStore.Bold, "DejaVuSansCondensed-Bold");
    readonly PdfDocument _document;
    string _title = "";
    PdfPage? _page;
    double _y;

    /// <param name="footer">At the foot of each slide.</param>
    /// <param name="continued">Behind the title of a slide that goes on.</param>
    public Deck(string title, string language, string footer, string continued, DateTimeOffset madeAt)
    {
        (_footer, _continued) = (footer, continued);
        _document = new PdfDocument(title, language, madeAt, Width, Height, _regular, _bold);
    }

    public int Slides => _document.Pages.Count;

    /// <summary>How many places lead to a definition.</summary>
    public int Links => _links.Count(link => _anchors.ContainsKey(link.Anchor));

    /// <summary>Where each line of text stands, for whoever checks that none overlaps.</summary>
    public IReadOnlyList<(int Page, Box At, string Text)> Placed => _placed;

    PdfPage Graphics => _page ?? throw new InvalidOperationException("A deck begins with a slide.");

    static double Right => Width - Margin;

    static double Whole => Width - (2 * Margin);

    /// <summary>Begins a slide.</summary>
    public void Slide(string title)
    {
        _title = title;
        Page(title);
    }

    /// <summary>Text over the whole width.</summary>
    public void Paragraph(string text, double size = 12.5, bool bold = false, bool soft = false, double after = 8)
    {
        var font = Font(size, bold);
        foreach (var line in Lines(text, font, Whole))
        {
            Room(LineHeight(size));
            Put(line, font, soft ? Soft : Ink, Margin, _y, Whole);
            _y += LineHeight(size);
        }

        _y += after;
    }

    /// <summary>A paragraph in a frame with a thick edge: what must be read first.</summary>
    public void Alarm(string text)
    {
        var font = Font(11.5, bold: true);
        var lines = Lines(text, font, Whole - 24);
        var height = (lines.Count * LineHeight(11.5)) + 14;
        Room(height);
        Graphics.Frame(Ink, 0.7, new Box(Margin, _y, Whole, height));
        Graphics.Fill(Ink, new Box(Margin, _y, 5, height));
        for (var i = 0; i < lines.Count; i++) Put(lines[i], font, Ink, Margin + 14, _y + 7 + (i * LineHeight(11.5)), Whole - 24);
        _y += height + 10;
    }

    /// <summary>Points one under the other.</summary>
    public void Bullets(IEnumerable<string> points, double size = 12.5)
    {
        var font = Font(size, bold: false);
        foreach (var point in points)
        {
            var lines = Lines(point, font, Whole - 18);
            Room(lines.Count * LineHeight(size));
            Graphics.Circle(Mark, Mark, 0.5, Margin + 5, _y + (LineHeight(size) / 2), 2);
            foreach (var line in lines)
            {
                Put(line, font, Ink, Margin + 18, _y, Whole - 18);
                _y += LineHeight(size);
            }

            _y += 6;
        }
    }

    /// <summary>Figures in frames side by side.</summary>
    public void Cards(IReadOnlyList<(string Name, string Figure, string Remark, string? Anchor)> cards)
    {
        const double gap = 12, inside = 10;
        var width = (Whole - (gap * (cards.Count - 1))) / cards.Count;
        var shaped = cards.Select(card => (
            Name: Lines(card.Name, Font(9.5, false), width - (2 * inside)), Figure: Fitting(card.Figure, 19, width - (2 * inside)),
            Remark: Lines(card.Remark, Font(9, false), width - (2 * inside)), card.Anchor)).ToList();
        var height = 62 + ((shaped.Max(card => card.Name.Count) + shaped.Max(card => card.Remark.Count)) * LineHeight(9.5));
        var figureAt = (shaped.Max(card => card.Name.Count) * LineHeight(9.5)) + 14;
        Room(height);
        for (var i = 0; i < shaped.Count; i++)
        {
            var (name, (figure, font), remark, anchor) = shaped[i];
            var x = Margin + (i * (width + gap));
            Graphics.Fill(Back, new Box(x, _y, width, height));
            Graphics.Frame(Line, 1, new Box(x, _y, width, height));
            for (var line = 0; line < name.Count; line++) Put(name[line], Font(9.5, false), Soft, x + inside, _y + 10 + (line * LineHeight(9.5)), width - (2 * inside), anchor: anchor);
            Put(figure, font, Ink, x + inside, _y + figureAt, width - (2 * inside));
            for (var line = 0; line < remark.Count; line++) Put(remark[line], Font(9, false), Soft, x + inside, _y + figureAt + 32 + (line * LineHeight(9.5)), width - (2 * inside));
        }

        _y += height + 14;
    }

    /// <summary>Rows of text; the first column to the left, the others to the right.</summary>
    /// <param name="shares">Of the width, by column; together 1.</param>
    /// <param name="anchors">What the first cell of each row leads to; null for nothing.</param>
    public void Table(IReadOnlyList<double> shares, IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows, IReadOnlyList<string?>? anchors = null)
    {
        // A table that fits on a slide isn't torn.
        var whole = RowHeight(Shaped(heads, bold: false, 9), 9) + rows.Sum(row => RowHeight(Shaped(row, bold: true, 10.5), 10.5));
        if (whole < Bottom - Top) Room(whole);
        Row(heads, Soft, bold: false, 9, null);
        for (var i = 0; i < rows.Count; i++) Row(rows[i], Ink, bold: true, 10.5, anchors?[i]);
        _y += 10;

        List<List<string>> Shaped(IReadOnlyList<string> cells, bool bold, double size) => [.. cells.Select((cell, i) => Lines(cell, Font(size, bold && i == 0), (shares[i] * Whole) - 10))];

        static double RowHeight(List<List<string>> shaped, double size) => (shaped.Max(lines => lines.Count) * LineHeight(size)) + 7;

        void Row(IReadOnlyList<string> cells, Rgb color, bool bold, double size, string? anchor)
        {
            var shaped = Shaped(cells, bold, size);
            var height = RowHeight(shaped, size);
            Room(height);
            var x = Margin;
            for (var i = 0; i < cells.Count; i++)
            {
                var width = shares[i] * Whole;
                for (var line = 0; line < shaped[i].Count; line++)
                    Put(shaped[i][line], Font(size, bold && i == 0), color, x + (i == 0 ? 0 : 10), _y + 3 + (line * LineHeight(size)), width - 10, toTheRight: i > 0, anchor: i == 0 ? anchor : null);
                x += width;
            }

            _y += height;
            Graphics.Line(Line, 0.7, Margin, _y, Right, _y);
        }
    }

    /// <summary>Effects with their intervals on a common scale.</summary>
    /// <param name="scaleText">Writes a value of the scale.</param>
    public void Intervals(IReadOnlyList<(string Label, Effect? Effect, string Value, bool IsSure, string? Anchor)> rows, Func<double, string> scaleText, string legend)
    {
        var effects = rows.Select(row => row.Effect).OfType<Effect>().ToList();
        if (effects.Count == 0) return;
        double low = Math.Min(0, effects.Min(effect => effect.Lower)), high = Math.Max(0, effects.Max(effect => effect.Upper));
        var margin = (high - low) * 0.04;
        (low, high) = (low - margin, high + margin);
        const double labels = 210, values = 110, row = 24;
        double left = Margin + labels, width = Whole - labels - values - 12;
        double At(double value) => left + ((value - low) / (high - low) * width);

        Room((rows.Count * row) + 40 > Bottom - 110 ? row * 3 : (rows.Count * row) + 40);
        var top = _y;
        foreach (var (label, effect, value, isSure, anchor) in rows)
        {
            if (_y + row + 40 > Bottom)
            {
                Scale();
                Page($"{_title} {_continued}");
                top = _y;
            }

            var middle = _y + (row / 2);
            Put(Short(label, Font(10.5, false), labels - 10), Font(10.5, false), Ink, Margin, middle - (LineHeight(10.5) / 2), labels - 10, anchor: anchor);
            if (effect is not null)
            {
                Graphics.Line(Mark, 1.6, At(effect.Lower), middle, At(effect.Upper), middle);
                foreach (var end in (double[])[effect.Lower, effect.Upper]) Graphics.Line(Mark, 1.6, At(end), middle - 4, At(end), middle + 4);
                Graphics.Circle(Mark, isSure ? Mark : Rgb.White, 1.6, At(effect.Difference), middle, 4.5);
            }

            Put(Short(value, Font(10.5, isSure), values), Font(10.5, isSure), Ink, Right - values, middle - (LineHeight(10.5) / 2), values, toTheRight: true);
            _y += row;
        }

        Scale();
        Paragraph(legend, 9, soft: true);

        void Scale()
        {
            Graphics.Line(Soft, 0.8, At(0), top, At(0), _y, isDashed: true);
            Graphics.Line(Line, 1, left, _y, left + width, _y);
            foreach (var tick in Volna.Reports.Page.IntervalChart.Ticks(low, high))
            {
                var text = scaleText(tick);
                var half = Measure(text, Font(9, false)) / 2;
                Graphics.Line(Soft, 0.7, At(tick), _y, At(tick), _y + 3);
                Put(text, Font(9, false), Soft, Math.Clamp(At(tick) - half, left, left + width - (2 * half)), _y + 3, (2 * half) + 1);
            }

            _y += 20;
        }
    }

    /// <summary>Curves side by side, each from nothing at 0 % to its end at 100 %, with its intervals and the straight line of a blind choice.</summary>
    /// <param name="scaleText">Writes a value of the scale.</param>
    public void Curves(IReadOnlyList<(string Title, IReadOnlyList<Effect> Points)> curves, Func<double, string> scaleText, string across)
    {
        const double gap = 36, labels = 62, height = 190;
        var each = (Whole - ((curves.Count - 1) * gap)) / curves.Count;
        var titles = curves.Select(curve => Lines(curve.Title, Font(10.5, true), each)).ToList();
        var lines = titles.Max(title => title.Count);
        Room((lines * LineHeight(10.5)) + height + 50);
        for (var i = 0; i < curves.Count; i++)
        {
            var (points, from) = (curves[i].Points, Margin + (i * (each + gap)));
            double low = Math.Min(0, points.Min(point => point.Lower)), high = Math.Max(0, points.Max(point => point.Upper));
            for (var line = 0; line < titles[i].Count; line++) Put(titles[i][line], Font(10.5, true), Ink, from, _y + (line * LineHeight(10.5)), each);
            double top = _y + (lines * LineHeight(10.5)) + 8, left = from + labels, width = each - labels - 14;
            double Down(double value) => top + ((high - value) / (high - low) * height);
            double At(int step) => left + ((double)step / points.Count * width);
            Graphics.Line(Line, 1, left, top, left, top + height);
            Graphics.Line(Line, 1, left, Down(0), left + width, Down(0));
            Graphics.Line(Soft, 0.8, left, Down(0), left + width, Down(points[^1].Difference), isDashed: true);
            for (var step = 1; step <= points.Count; step++)
            {
                Effect last = step == 1 ? new Effect(0, 0, 0, 1) : points[step - 2], next = points[step - 1];
                Graphics.Line(Soft, 0.7, At(step - 1), Down(last.Lower), At(step), Down(next.Lower));
                Graphics.Line(Soft, 0.7, At(step - 1), Down(last.Upper), At(step), Down(next.Upper));
                Graphics.Line(Mark, 2, At(step - 1), Down(last.Difference), At(step), Down(next.Difference));
            }

            foreach (var tick in Volna.Reports.Page.IntervalChart.Ticks(low, high))
                Put(scaleText(tick), Font(9, false), Soft, from, Down(tick) - (LineHeight(9) / 2), labels - 6, toTheRight: true);
            foreach (var (step, text) in ((int, string)[])[(0, "0 %"), (points.Count, "100 %")])
                Put(text, Font(9, false), Soft, At(step) - (Measure(text, Font(9, false)) / 2), top + height + 4, Measure(text, Font(9, false)) + 1);
        }

        _y += (lines * LineHeight(10.5)) + height + 28;
        Paragraph(across, 9, soft: true);
    }

    /// <summary>Lengths beside one another, from zero to the greatest.</summary>
    public void Bars(IReadOnlyList<(string Label, double Length, string Value)> rows)
    {
        const double labels = 210, values = 190, row = 22;
        var most = rows.Select(one => one.Length).DefaultIfEmpty(0).Max();
        foreach (var (label, length, value) in rows)
        {
            Room(row);
            var middle = _y + (row / 2);
            Put(Short(label, Font(10.5, false), labels - 10), Font(10.5, false), Ink, Margin, middle - (LineHeight(10.5) / 2), labels - 10);
            var width = Whole - labels - values - 12;
            if (most > 0) Graphics.Fill(Mark, new Box(Margin + labels, middle - 5.5, Math.Max(0.5, length / most * width), 11));
            Put(Short(value, Font(10.5, false), values), Font(10.5, false), Ink, Right - values, middle - (LineHeight(10.5) / 2), values, toTheRight: true);
            _y += row;
        }

        _y += 10;
    }

    /// <summary>A word with what it means; figures that name the anchor lead here.</summary>
    public void Definition(string anchor, string name, string definition)
    {
        var lines = Lines(definition, Font(9.5, false), Whole);
        Room(((1 + lines.Count) * LineHeight(10.5)) + 2);
        _anchors[anchor] = Slides - 1;
        Put(name, Font(10.5, true), Ink, Margin, _y, Whole);
        _y += LineHeight(10.5);
        foreach (var line in lines)
        {
            Put(line, Font(9.5, false), Soft, Margin, _y, Whole);
            _y += LineHeight(9.5);
        }

        _y += 5;
    }

    /// <summary>The finished file; links lead where they should.</summary>
    public byte[] Write()
    {
        foreach (var page in _document.Pages) page.Links.Clear();
        foreach (var (page, at, anchor) in _links)
            if (_anchors.TryGetValue(anchor, out var to))
                _document.Pages[page].Links.Add((at, to));
        return _document.Write();
    }

    void Page(string title)
    {
        _page = _document.AddPage();
        _y = 34;
        var font = Font(21, bold: true);
        foreach (var line in Lines(title, font, Whole))
        {
            Put(line, font, Ink, Margin, _y, Whole);
            _y += LineHeight(21);
        }

        Graphics.Fill(Mark, new Box(Margin, _y + 2, 60, 3));
        _y += 16;
        Put(Short(_footer, Font(8.5, false), Whole - 60), Font(8.5, false), Soft, Margin, Height - 30, Whole - 60);
        Put(Slides.ToString(System.Globalization.CultureInfo.InvariantCulture), Font(8.5, false), Soft, Right - 40, Height - 30, 40, toTheRight: true);
    }

    /// <summary>Goes on to a further slide if there is less room than that.</summary>
    void Room(double height)
    {
        if (_y + height > Bottom) Page($"{_title} {_continued}");
    }

    void Put(string text, Style font, Rgb color, double x, double y, double width, bool toTheRight = false, string? anchor = null)
    {
        if (text.Length == 0) return;
        var taken = Measure(text, font);
        var from = toTheRight ? x + width - taken : x;
        Graphics.Text(font.Bold, font.Size, color, from, y + (font.Size * 1.02), (font.Bold ? _bold : _regular).Encode(text));
        var at = new Box(from, y, taken, font.Size * 1.25);
        _placed.Add((Slides - 1, at, text));
        if (anchor is null) return;
        Graphics.Line(Line, 0.7, from, y + (font.Size * 1.22), from + taken, y + (font.Size * 1.22));
        _links.Add((Slides - 1, at, anchor));
    }

    /// <summary>A text on one line, smaller where it is long.</summary>
    (string Text, Style Font) Fitting(string text, double size, double width)
    {
        for (; size > 9; size -= 0.5)
            if (Measure(text, Font(size, true)) <= width)
                return (text, Font(size, true));
        return (Short(text, Font(9, true), width), Font(9, true));
    }

    /// <summary>A text on one line, its end left out where it is long.</summary>
    string Short(string text, Style font, double width)
    {
        if (Measure(text, font) <= width) return text;
        var length = text.Length - 1;
        while (length > 1 && Measure(text[..length] + "…", font) > width) length--;
        return text[..length].TrimEnd() + "…";
    }

    /// <summary>Breaks a text at spaces, and a word that is wider than a line where the line ends.</summary>
    List<string> Lines(string text, Style font, double width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var given in text.Split(' '))
        {
            var word = given;
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (Fits(longer))
            {
                line = longer;
                continue;
            }

            if (line.Length > 0) lines.Add(line);
            while (!Fits(word))
            {
                var length = word.Length - 1;
                while (length > 1 && !Fits(word[..length])) length--;
                lines.Add(word[..length]);
                word = word[length..];
            }

            line = word;
        }

        lines.Add(line);
        return lines;

        bool Fits(string part) => part.Length <= 1 || Measure(part, font) <= width;
    }

    static Style Font(double size, bool bold) => new(size, bold);

    double Measure(string text, Style style) => (style.Bold ? _bold : _regular).Width(text, style.Size);

    readonly record struct Style(double Size, bool Bold);

    static double LineHeight(double size) => size * 1.32;
}
