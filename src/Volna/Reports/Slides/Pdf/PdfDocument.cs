using System.Globalization;

namespace Volna.Reports.Slides.Pdf;

/// <summary>
/// Pages of text and simple drawings as a PDF file. Written here because it takes few lines, and because the libraries for it are large or may not
/// be used by everybody Volna is for.
/// </summary>
sealed class PdfDocument(string title, string language, DateTimeOffset madeAt, double width, double height, PdfFont regular, PdfFont bold)
{
    public List<PdfPage> Pages { get; } = [];

    public PdfPage AddPage()
    {
        var page = new PdfPage(height);
        Pages.Add(page);
        return page;
    }

    /// <summary>The whole file; the same pages give the same bytes.</summary>
    public byte[] Write()
    {
        var pdf = new PdfFile();
        int catalogue = pdf.Reserve(), tree = pdf.Reserve();
        int[] numbers = [.. Pages.Select(_ => pdf.Reserve())];
        int regularFont = regular.Write(pdf), boldFont = bold.Write(pdf);
        for (var i = 0; i < Pages.Count; i++)
        {
            var content = pdf.Add(Pages[i].Content);
            var links = string.Join(' ', Pages[i].Annotations(pdf, numbers).Select(number => $"{number} 0 R"));
            pdf.Add(numbers[i], $"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {Number(width)} {Number(height)}] /Resources << /Font << /F1 {regularFont} 0 R /F2 {boldFont} 0 R >> >> /Contents {content} 0 R /Annots [{links}] >>");
        }

        pdf.Add(tree, $"<< /Type /Pages /Count {Pages.Count} /Kids [{string.Join(' ', numbers.Select(number => $"{number} 0 R"))}] >>");
        pdf.Add(catalogue, $"<< /Type /Catalog /Pages {tree} 0 R /Lang ({language}) /ViewerPreferences << /DisplayDocTitle true >> >>");
        var made = madeAt.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        return pdf.Finish(catalogue, pdf.Add($"<< /Title {PdfFile.Text(title)} /Creator (Volna) /CreationDate (D:{made}Z) >>"));
    }

    static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
