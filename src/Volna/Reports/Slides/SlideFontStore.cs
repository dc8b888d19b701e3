using Volna.Reports.Slides.Pdf;

namespace Volna.Reports.Slides;

/// <summary>The fonts of the slides, carried in the program: whatever machine makes a report, it looks the same, in Latin and in Cyrillic.</summary>
static class SlideFontStore
{
    static readonly Lazy<TrueType> RegularFile = new(() => Load("DejaVuSansCondensed.ttf")), BoldFile = new(() => Load("DejaVuSansCondensed-Bold.ttf"));

    public static TrueType Regular => RegularFile.Value;

    public static TrueType Bold => BoldFile.Value;

    static TrueType Load(string name)
    {
        using var resource = typeof(SlideFontStore).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program carries no font {name}.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return new TrueType(bytes);
    }
}
