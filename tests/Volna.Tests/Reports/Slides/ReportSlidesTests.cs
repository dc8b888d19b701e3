using System.Text;
using Volna.Reports;
using Volna.Reports.Slides;

namespace Volna.Tests.Reports.Slides;

public sealed class ReportSlidesTests
{
    static WaveReport Report() => LargeReport.Of();

    [Theory]
    [InlineData(Language.English, false)]
    [InlineData(Language.Russian, false)]
    [InlineData(Language.Russian, true)]
    public void Nothing_is_clipped_and_no_text_overlaps_another(Language language, bool alarm)
    {
        var deck = ReportSlides.Of(LargeReport.Of(alarm), language);
        Assert.InRange(deck.Slides, 6, 20);
        foreach (var (page, at, text) in deck.Placed)
            Assert.True(at.X >= Deck.Margin - 1 && at.Right <= Deck.Width - Deck.Margin + 1 && at.Y >= 20 && at.Bottom <= Deck.Height - 10, $"Slide {page + 1}: “{text}” stands at {at}, outside the margins.");
        foreach (var slide in deck.Placed.GroupBy(one => one.Page))
        {
            var texts = slide.ToList();
            for (var i = 0; i < texts.Count; i++)
                for (var j = i + 1; j < texts.Count; j++)
                {
                    var (one, other) = (texts[i].At, texts[j].At);
                    var (wide, high) = (Math.Min(one.Right, other.Right) - Math.Max(one.X, other.X), Math.Min(one.Bottom, other.Bottom) - Math.Max(one.Y, other.Y));
                    Assert.True(wide < 0.5 || high < 0.5, $"Slide {slide.Key + 1}: “{texts[i].Text}” and “{texts[j].Text}” overlap.");
                }
        }
    }

    [Theory]
    [InlineData(Language.English)]
    [InlineData(Language.Russian)]
    public void The_slides_say_what_the_page_says(Language language)
    {
        var report = Report();
        var deck = ReportSlides.Of(report, language);
        var text = string.Join(' ', deck.Placed.Select(one => one.Text));
        Assert.Contains(Headline.Of(report).In(language), text, StringComparison.Ordinal);
        Assert.All(report.Notes, note => Assert.Contains(note.Text.In(language)[..40], text, StringComparison.Ordinal));
        Assert.All(Enum.GetValues<Metric>(), metric => Assert.Contains(metric.Name().In(language), text, StringComparison.Ordinal));
        Assert.All(Advice.Of(report), point => Assert.Contains(point.In(language)[..40], text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_figure_leads_to_its_definition()
    {
        var deck = ReportSlides.Of(Report(), Language.English);

        // Five cards less that of the customers, the chart and the table of all metrics.
        Assert.True(deck.Links >= 4 + (2 * Enum.GetValues<Metric>().Length), $"Only {deck.Links} links.");
    }

    [Fact]
    public void The_file_is_a_pdf_that_carries_its_fonts()
    {
        using var folder = new TemporaryFolder();
        var report = Report();
        ReportStore.Save(folder.Data, report, ReportStore.CsvPath(folder.Data, report.Wave), ReportStore.PagePath(folder.Data, report.Wave), Language.Russian);
        var pdf = Encoding.Latin1.GetString(File.ReadAllBytes(ReportStore.SlidesPath(folder.Data, report.Wave)));
        Assert.StartsWith("%PDF-", pdf, StringComparison.Ordinal);
        Assert.Contains("/FontFile2", pdf, StringComparison.Ordinal);
        Assert.Contains("/Lang (ru)", pdf, StringComparison.Ordinal);
        Assert.Equal(ReportSlides.Of(report, Language.Russian).Write(), File.ReadAllBytes(ReportStore.SlidesPath(folder.Data, report.Wave)));
        if (Environment.GetEnvironmentVariable("VOLNA_KEEP_SLIDES") is { Length: > 0 } keep)
            foreach (var language in Enum.GetValues<Language>())
            {
                ReportStore.Save(folder.Data, report, ReportStore.CsvPath(folder.Data, report.Wave), Path.Combine(keep, $"report.{language.Code()}.html"), language, Path.Combine(keep, $"report.{language.Code()}.pdf"));
            }
    }
}
