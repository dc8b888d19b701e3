using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Volna.Offers.Plans;

namespace Volna.Simulation.Demo;

/// <summary>
/// The plan of the demo's wave: the template for a grocer, but with two weeks of validity and four in ten customers held out. A retailer holds out
/// one in ten and adds up many waves; a single wave of 20,000 customers shows its effect above the noise only with a control group of that size.
/// </summary>
static class DemoPlan
{
    public const int ValidityDays = 14;

    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly Text[] Segments = [new("leaving", "уходящие"), new("frequent", "частые"), new("occasional", "нечастые"), new("new", "новые")];

    public static string Json(Language language)
    {
        var plan = JsonNode.Parse(PlanTemplateStore.Text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!;
        plan["name"] = new Text("Demo", "Демонстрация").In(language);
        plan["language"] = language.Code();
        plan["validityDays"] = ValidityDays;
        plan["holdoutShare"] = 0.4;
        return Segments.Aggregate(
            plan.ToJsonString(Readable),
            (json, segment) => json.Replace($"\"{segment.English}\"", $"\"{segment.In(language)}\"", StringComparison.Ordinal));
    }
}
