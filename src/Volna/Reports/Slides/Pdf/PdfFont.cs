using System.Globalization;
using System.Text;

namespace Volna.Reports.Slides.Pdf;

/// <summary>A font as one document uses it: only glyphs that were used are carried. Glyphs are numbered in the order of their first use.</summary>
sealed class PdfFont(TrueType file, string name)
{
    readonly Dictionary<char, int> _numbers = [];

    // Glyph 0 is the box for what is missing.
    readonly List<(char Character, int Glyph)> _used = [('\0', 0)];

    public double Width(string text, double size)
    {
        var units = 0;
        foreach (var character in text) units += file.Advance(file.Glyph(character));
        return units * size / file.UnitsPerEm;
    }

    /// <summary>A text as the numbers of its glyphs, in hexadecimal digits.</summary>
    public string Encode(string text)
    {
        var codes = new StringBuilder(4 * text.Length);
        foreach (var character in text)
        {
            if (!_numbers.TryGetValue(character, out var number))
            {
                _numbers.Add(character, number = _used.Count);
                _used.Add((character, file.Glyph(character)));
            }

            codes.Append(number.ToString("X4", CultureInfo.InvariantCulture));
        }

        return codes.ToString();
    }

    /// <summary>Writes the font's objects (ISO 32000-1, 9.7: a composite font whose codes are glyph numbers).</summary>
    /// <returns>The number of the font's object.</returns>
    public int Write(PdfFile pdf)
    {
        int Thousandths(int units) => (int)Math.Round(units * 1_000.0 / file.UnitsPerEm);
        var content = pdf.Add(file.Subset([.. _used.Select(one => one.Glyph)]));
        // Six letters and a plus say that it is a part of the font.
        var partName = $"VOLNAA+{name}";
        var descriptor = pdf.Add($"<< /Type /FontDescriptor /FontName /{partName} /Flags 4 /FontBBox [{string.Join(' ', file.Box.Select(Thousandths))}] /ItalicAngle 0 /Ascent {Thousandths(file.Ascent)} /Descent {Thousandths(file.Descent)} /CapHeight {Thousandths(file.Ascent)} /StemV 80 /FontFile2 {content} 0 R >>");
        var widths = string.Join(' ', _used.Select(one => Thousandths(file.Advance(one.Glyph))));
        var descendant = pdf.Add($"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{partName} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {descriptor} 0 R /CIDToGIDMap /Identity /W [0 [{widths}]] >>");
        var characters = pdf.Add(Encoding.ASCII.GetBytes(Characters()));
        return pdf.Add($"<< /Type /Font /Subtype /Type0 /BaseFont /{partName} /Encoding /Identity-H /DescendantFonts [{descendant} 0 R] /ToUnicode {characters} 0 R >>");
    }

    /// <summary>Which character each number stands for, so that text can be searched and copied.</summary>
    string Characters()
    {
        var map = new StringBuilder("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Volna def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n");
        foreach (var part in Enumerable.Range(1, _used.Count - 1).Chunk(100))
        {
            map.Append(CultureInfo.InvariantCulture, $"{part.Length} beginbfchar\n");
            foreach (var number in part) map.Append(CultureInfo.InvariantCulture, $"<{number:X4}> <{(int)_used[number].Character:X4}>\n");
            map.Append("endbfchar\n");
        }

        return map.Append("endcmap CMapName currentdict /CMap defineresource pop end end").ToString();
    }
}
