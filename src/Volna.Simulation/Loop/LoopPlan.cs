using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Volna.Learning.Demand;
using Volna.Offers.Plans;

namespace Volna.Simulation.Loop;

/// <summary>How Volna is run: what a retailer would set.</summary>
/// <param name="Plan">Text of the plan file.</param>
sealed record LoopPlan(string Plan, DemandOptions Learning)
{
    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An assumption that doesn't look at the world: whoever is written to each week buys a hundredth less in the long run.</summary>
    const int MessageCostPercent = 1;

    static readonly Text[] Segments = [new("leaving", "уходящие"), new("frequent", "частые"), new("occasional", "нечастые"), new("new", "новые")];

    /// <summary>
    /// The template for a grocer, unchanged but for the universal hold-out, and where the answer is learnt for what a message costs.
    /// </summary>
    /// <param name="learns">Whether the answer to discounts is learnt from the waves.</param>
    public static LoopPlan Volna(Language language, bool learns)
    {
        var plan = Template(language, new Text("Weekly", "Еженедельная"));
        plan["learnResponse"] = learns;
        if (learns) plan["messageCostPercent"] = MessageCostPercent;
        return new LoopPlan(
            Segments.Aggregate(
                plan.ToJsonString(Readable),
                (json, segment) => json.Replace($"\"{segment.English}\"", $"\"{segment.In(language)}\"", StringComparison.Ordinal)),
            new DemandOptions());
    }

    /// <summary>The same rules and words for other segments.</summary>
    public static JsonNode Template(Language language, Text name)
    {
        var plan = JsonNode.Parse(PlanTemplateStore.Text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!;
        plan["name"] = name.In(language);
        plan["language"] = language.Code();
        plan["universalHoldoutShare"] = LoopOptions.UniversalHoldoutShare;
        return plan;
    }
}
