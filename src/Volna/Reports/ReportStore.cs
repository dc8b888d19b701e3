using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Volna.Reports.Page;
using Volna.Reports.Slides;
using Volna.Reports.Suppliers;

namespace Volna.Reports;

/// <summary>Finished reports on disk: <c>reports/WAVE/report.json</c> is the report, CSV and page are made from it.</summary>
public static class ReportStore
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static string CsvPath(DataFolder folder, string wave) => $"{folder.Reports}/{wave}/report.csv";

    public static string PagePath(DataFolder folder, string wave) => $"{folder.Reports}/{wave}/report.html";

    public static string SlidesPath(DataFolder folder, string wave) => $"{folder.Reports}/{wave}/report.pdf";

    /// <summary>By a hash, because a name may not be one of a file.</summary>
    public static string SupplierPagePath(DataFolder folder, string wave, string supplier) => $"{folder.Reports}/{wave}/supplier-{Kernels.Hash64.Of(supplier):x16}.html";

    public static string PeriodCsvPath(DataFolder folder) => $"{folder.Reports}/period.csv";

    public static string PeriodPagePath(DataFolder folder) => $"{folder.Reports}/period.html";

    static string PeriodJsonPath(DataFolder folder) => $"{folder.Reports}/period.json";

    static string JsonPath(DataFolder folder, string wave) => $"{folder.Reports}/{wave}/report.json";

    /// <summary>Keeps a report, and writes its table, page and slides where they are wanted.</summary>
    /// <param name="slidesPath">Null for the place where the report is kept.</param>
    public static void Save(DataFolder folder, WaveReport report, string csvPath, string pagePath, Language language, string? slidesPath = null)
    {
        Write(csvPath, ReportCsv.Of(report));
        Write(pagePath, ReportPage.Of(report, language));
        var slides = ReportSlides.Of(report, language).Write();
        Write(slidesPath ?? SlidesPath(folder, report.Wave), aside => File.WriteAllBytes(aside, slides));
        Write(JsonPath(folder, report.Wave), JsonSerializer.Serialize(report, Json));
    }

    /// <summary>Writes the page of a pilot that its supplier may see.</summary>
    public static void Save(SupplierPilot pilot, string pagePath, Language language) => Write(pagePath, SupplierPage.Of(pilot, language));

    /// <summary>The report last made of a wave; null where there is none, or one of another version of the program.</summary>
    public static WaveReport? Find(DataFolder folder, string wave)
    {
        // A wave's id is a name of a folder; what isn't one has no report.
        if (wave.AsSpan().IndexOfAny('/', '\\') >= 0 || wave is "." or "..") return null;
        var path = JsonPath(folder, wave);
        var report = File.Exists(path) ? JsonSerializer.Deserialize<WaveReport>(File.ReadAllText(path), Json) : null;
        return report is { Groups.IsDefault: false } ? report : null;
    }

    /// <summary>Keeps a report on a period, the latest one, and writes its table and page where they are wanted.</summary>
    public static void Save(DataFolder folder, PeriodReport report, string csvPath, string pagePath, Language language)
    {
        Write(csvPath, PeriodCsv.Of(report));
        Write(pagePath, PeriodPage.Of(report, language));
        Write(PeriodJsonPath(folder), JsonSerializer.Serialize(report, Json));
    }

    /// <summary>The report on a period last made; null where there is none, or one of another version of the program.</summary>
    public static PeriodReport? FindPeriod(DataFolder folder)
    {
        var report = File.Exists(PeriodJsonPath(folder)) ? JsonSerializer.Deserialize<PeriodReport>(File.ReadAllText(PeriodJsonPath(folder)), Json) : null;
        return report is { Each.IsDefault: false, ByMessages.IsDefault: false } ? report : null;
    }

    internal static void Write(string path, string content) => Write(path, aside => File.WriteAllText(aside, content));

    /// <summary>Written aside and renamed, so that a reader sees the old file or the new one.</summary>
    internal static void Write(string path, Action<string> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var aside = path + ".new";
        try
        {
            write(aside);
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }
}
