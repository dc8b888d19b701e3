using System.Buffers.Binary;
using System.Text;

namespace Volna.Reports.Slides.Pdf;

/// <summary>
/// A TrueType font as far as a PDF needs it: which glyph a character has, how wide it is, and a smaller font of some of the glyphs. After Apple's
/// TrueType reference manual, chapters "The Font File", "cmap" (format 4), "glyf", "hmtx", "loca".
/// </summary>
sealed class TrueType
{
    // Bits of a part of a composed glyph.
    const int ArgumentsAreWords = 1, HasScale = 8, MoreParts = 32, HasTwoScales = 64, HasMatrix = 128;

    /// <summary>Tables of the smaller font that are taken as they are: they hold the programs that fit glyphs to a screen's dots.</summary>
    static readonly string[] AsTheyAre = ["cvt ", "fpgm", "prep"];

    readonly byte[] _file;
    readonly Dictionary<string, (int At, int Length)> _tables = [];
    readonly int _longMetrics;
    readonly bool _longPlaces;

    public TrueType(byte[] file)
    {
        _file = file;
        for (var i = 0; i < Word(4); i++)
        {
            var entry = 12 + (16 * i);
            _tables.Add(Encoding.ASCII.GetString(file, entry, 4), ((int)Long(entry + 8), (int)Long(entry + 12)));
        }

        _longMetrics = Word(At("hhea") + 34);
        _longPlaces = Word(At("head") + 50) == 1;
        UnitsPerEm = Word(At("head") + 18);
    }

    public int UnitsPerEm { get; }

    public int Ascent => Signed(At("hhea") + 4);

    public int Descent => Signed(At("hhea") + 6);

    /// <summary>Left, bottom, right, top of all glyphs.</summary>
    public IReadOnlyList<int> Box => [.. Enumerable.Range(0, 4).Select(i => Signed(At("head") + 36 + (2 * i)))];

    /// <summary>The glyph of a character; 0, an empty box, where the font has none.</summary>
    public int Glyph(char character)
    {
        var map = Map();
        var segments = Word(map + 6) / 2;
        for (var segment = 0; segment < segments; segment++)
        {
            if (Word(map + 14 + (2 * segment)) < character) continue;
            int start = Word(map + 16 + (2 * (segments + segment))), delta = Word(map + 16 + (2 * ((2 * segments) + segment)));
            var rangeAt = map + 16 + (2 * ((3 * segments) + segment));
            if (start > character) return 0;
            if (Word(rangeAt) == 0) return (character + delta) & 0xFFFF;
            var glyph = Word(rangeAt + Word(rangeAt) + (2 * (character - start)));
            return glyph == 0 ? 0 : (glyph + delta) & 0xFFFF;
        }

        return 0;
    }

    /// <summary>How far the next character stands, in units of the font.</summary>
    public int Advance(int glyph) => Word(At("hmtx") + (4 * Math.Min(glyph, _longMetrics - 1)));

    /// <summary>A font of some glyphs in their order, with the parts of composed ones behind them.</summary>
    public byte[] Subset(IReadOnlyList<int> glyphs)
    {
        var kept = glyphs.ToList();
        var outlines = new List<byte>();
        var places = new List<int>();
        for (var i = 0; i < kept.Count; i++)
        {
            places.Add(outlines.Count);
            outlines.AddRange(Outline(kept[i], kept));
            while (outlines.Count % 4 != 0) outlines.Add(0);
        }

        places.Add(outlines.Count);
        byte[] head = Table("head"), hhea = Table("hhea"), maxp = Table("maxp"), hmtx = new byte[4 * kept.Count], loca = new byte[4 * places.Count];
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(50), 1);
        BinaryPrimitives.WriteUInt16BigEndian(hhea.AsSpan(34), (ushort)kept.Count);
        BinaryPrimitives.WriteUInt16BigEndian(maxp.AsSpan(4), (ushort)kept.Count);
        for (var i = 0; i < kept.Count; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(hmtx.AsSpan(4 * i), (ushort)Advance(kept[i]));
            BinaryPrimitives.WriteInt16BigEndian(hmtx.AsSpan((4 * i) + 2), (short)LeftBearing(kept[i]));
        }

        for (var i = 0; i < places.Count; i++) BinaryPrimitives.WriteUInt32BigEndian(loca.AsSpan(4 * i), (uint)places[i]);
        return Font([
            .. AsTheyAre.Where(_tables.ContainsKey).Select(name => (name, Table(name))),
            ("glyf", outlines.ToArray()), ("head", head), ("hhea", hhea), ("hmtx", hmtx), ("loca", loca), ("maxp", maxp)]);
    }

    /// <summary>A glyph's outline; the parts of a composed one are added to those kept and named by their new numbers.</summary>
    byte[] Outline(int glyph, List<int> kept)
    {
        var (start, end) = _longPlaces
            ? ((int)Long(At("loca") + (4 * glyph)), (int)Long(At("loca") + (4 * glyph) + 4))
            : (2 * Word(At("loca") + (2 * glyph)), 2 * Word(At("loca") + (2 * glyph) + 2));
        var outline = _file.AsSpan(At("glyf") + start, end - start).ToArray();
        if (outline.Length == 0 || BinaryPrimitives.ReadInt16BigEndian(outline) >= 0) return outline;
        int at = 10, bits;
        do
        {
            bits = BinaryPrimitives.ReadUInt16BigEndian(outline.AsSpan(at));
            int part = BinaryPrimitives.ReadUInt16BigEndian(outline.AsSpan(at + 2)), number = kept.IndexOf(part);
            if (number < 0)
            {
                number = kept.Count;
                kept.Add(part);
            }

            BinaryPrimitives.WriteUInt16BigEndian(outline.AsSpan(at + 2), (ushort)number);
            at += 4 + ((bits & ArgumentsAreWords) != 0 ? 4 : 2) + ((bits & HasScale) != 0 ? 2 : (bits & HasTwoScales) != 0 ? 4 : (bits & HasMatrix) != 0 ? 8 : 0);
        }
        while ((bits & MoreParts) != 0);
        return outline;
    }

    static byte[] Font(IReadOnlyList<(string Name, byte[] Content)> tables)
    {
        var font = new byte[12 + (16 * tables.Count) + tables.Sum(table => (table.Content.Length + 3) & ~3)];
        var power = (int)Math.Log2(tables.Count);
        BinaryPrimitives.WriteUInt32BigEndian(font, 0x0001_0000);
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(4), (ushort)tables.Count);
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(6), (ushort)(16 << power));
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(8), (ushort)power);
        BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(10), (ushort)((16 * tables.Count) - (16 << power)));
        var at = 12 + (16 * tables.Count);
        for (var i = 0; i < tables.Count; i++)
        {
            var (name, content) = tables[i];
            content.CopyTo(font, at);
            var entry = font.AsSpan(12 + (16 * i));
            Encoding.ASCII.GetBytes(name, entry);
            var padded = (content.Length + 3) & ~3;
            BinaryPrimitives.WriteUInt32BigEndian(entry[4..], Checksum(font.AsSpan(at, padded)));
            BinaryPrimitives.WriteUInt32BigEndian(entry[8..], (uint)at);
            BinaryPrimitives.WriteUInt32BigEndian(entry[12..], (uint)content.Length);
            at += padded;
        }

        return font;
    }

    static uint Checksum(ReadOnlySpan<byte> words)
    {
        uint sum = 0;
        for (var at = 0; at < words.Length; at += 4) sum = unchecked(sum + BinaryPrimitives.ReadUInt32BigEndian(words[at..]));
        return sum;
    }

    /// <summary>Where the map of characters in Unicode begins.</summary>
    int Map()
    {
        var maps = At("cmap");
        for (var i = 0; i < Word(maps + 2); i++)
        {
            var map = maps + (int)Long(maps + 8 + (8 * i));
            if (Word(map) == 4) return map;
        }

        throw new InvalidOperationException("The font has no map of characters in format 4.");
    }

    int LeftBearing(int glyph) => glyph < _longMetrics ? Signed(At("hmtx") + (4 * glyph) + 2) : Signed(At("hmtx") + (4 * _longMetrics) + (2 * (glyph - _longMetrics)));

    byte[] Table(string name) => _file.AsSpan(_tables[name].At, _tables[name].Length).ToArray();

    int At(string table) => _tables[table].At;

    int Word(int at) => BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan(at));

    int Signed(int at) => BinaryPrimitives.ReadInt16BigEndian(_file.AsSpan(at));

    uint Long(int at) => BinaryPrimitives.ReadUInt32BigEndian(_file.AsSpan(at));
}
