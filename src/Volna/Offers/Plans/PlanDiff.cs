using System.Globalization;
using System.Text.Json;

namespace Volna.Offers.Plans;

/// <summary>A setting that two plans have differently.</summary>
/// <param name="Place">Such as <c>limits[Lactis].budget</c>.</param>
/// <param name="Before">As it is written; null where it isn't there.</param>
public readonly record struct PlanChange(string Place, string? Before, string? After);

/// <summary>
/// What differs between two plans, setting by setting, whatever the order and layout of their files. Entries of a list that have names are compared by name,
/// but their order counts for segments, because the first that fits holds.
/// </summary>
public static class PlanDiff
{
    /// <param name="before">Without mistakes, as is <paramref name="after"/>.</param>
    public static IReadOnlyList<PlanChange> Between(string before, string after)
    {
        var (old, present) = (Settings(before), Settings(after));
        return [.. old.Keys.Union(present.Keys)
            .Where(place => old.GetValueOrDefault(place) != present.GetValueOrDefault(place))
            .Select(place => new PlanChange(place, old.GetValueOrDefault(place), present.GetValueOrDefault(place)))];
    }

    static Dictionary<string, string> Settings(string text)
    {
        using var document = JsonDocument.Parse(text, PlanFile.Leniently);
        var settings = new Dictionary<string, string>();
        Collect("", document.RootElement, settings);
        if (document.RootElement.TryGetProperty("segments", out var segments) && segments.ValueKind == JsonValueKind.Array)
            settings["segments (order)"] = string.Join(", ", segments.EnumerateArray().Select(NameOf));
        return settings;
    }

    static void Collect(string place, JsonElement element, Dictionary<string, string> settings)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject()) Collect(place.Length == 0 ? property.Name : $"{place}.{property.Name}", property.Value, settings);
        }
        else if (element.ValueKind == JsonValueKind.Array && element.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object))
        {
            var at = 0;
            foreach (var item in element.EnumerateArray())
            {
                Collect($"{place}[{NameOf(item) ?? at.ToString(CultureInfo.InvariantCulture)}]", item, settings);
                at++;
            }
        }
        else
        {
            settings[place] = element.ValueKind == JsonValueKind.Array ? $"[{string.Join(", ", element.EnumerateArray().Select(item => item.GetRawText()))}]" : element.GetRawText();
        }
    }

    static string? NameOf(JsonElement item) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
}
