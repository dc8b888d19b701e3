using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Volna.Offers.Plans;

/// <summary>
/// A value in a plan file with its place, read strictly: whatever is unexpected is told in one sentence, and reading goes on with a harmless value, so that
/// all mistakes are told at once. A plan with mistakes is never used.
/// </summary>
/// <param name="element">Undefined where the value isn't there, which was told already.</param>
/// <param name="mistakes">By what is wrong, each once: a value may be read twice, and what else is wrong with it may follow from what was told first.</param>
readonly struct PlanNode(string file, string place, JsonElement element, OrderedDictionary<string, Text> mistakes)
{
    // What sharing out holds of an offer has four bits for its step.
    public const int MostSteps = 16;

    public string Place => place;

    public bool IsThere => element.ValueKind != JsonValueKind.Undefined;

    public bool IsEmptyObject => element.ValueKind == JsonValueKind.Object && !element.EnumerateObject().Any();

    /// <summary>The properties, of which none but the known ones may be there, and none twice.</summary>
    public Dictionary<string, PlanNode> Properties(params ReadOnlySpan<string> known)
    {
        var properties = Properties();
        foreach (var (name, node) in properties)
        {
            if (known.Contains(name)) continue;
            node.Unknown(known.ToArray());
            properties.Remove(name);
        }

        return properties;
    }

    public Dictionary<string, PlanNode> Properties()
    {
        var properties = new Dictionary<string, PlanNode>();
        if (element.ValueKind != JsonValueKind.Object)
        {
            Wrong("an object { ... }", "описание в скобках { ... }");
            return properties;
        }

        foreach (var property in element.EnumerateObject())
        {
            var node = new PlanNode(file, place.Length == 0 ? property.Name : $"{place}.{property.Name}", property.Value, mistakes);
            if (!properties.TryAdd(property.Name, node))
                Tell(new Text($"{file}: {node.Place}: stands there twice; expected once.", $"{file}: {node.Place}: встречается дважды, а должно один раз."));
        }

        return properties;
    }

    public PlanNode Required(Dictionary<string, PlanNode> properties, string name)
    {
        if (properties.TryGetValue(name, out var node)) return node;
        if (element.ValueKind == JsonValueKind.Object)
            Tell(new Text(
                $"{file}: {PlaceIn(Language.English)}: '{name}' is missing.",
                $"{file}: {PlaceIn(Language.Russian)}: не хватает «{name}»."));
        return new PlanNode(file, place.Length == 0 ? name : $"{place}.{name}", default, mistakes);
    }

    public List<PlanNode> Items()
    {
        var items = new List<PlanNode>();
        if (element.ValueKind != JsonValueKind.Array) Wrong("a list [ ... ]", "перечисление в скобках [ ... ]");
        else foreach (var item in element.EnumerateArray()) items.Add(new PlanNode(file, $"{place}[{items.Count}]", item, mistakes));
        return items;
    }

    public string Words()
    {
        if (element.ValueKind == JsonValueKind.String && element.GetString()!.Trim().Length > 0) return element.GetString()!;
        Wrong("a text in quotes", "текст в кавычках");
        return "";
    }

    public int Whole(int least, int most)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) && number >= least && number <= most) return number;
        Wrong($"a whole number from {least} to {most}", $"целое число от {least} до {most}");
        return least;
    }

    public decimal Number(decimal least, decimal most)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var number) && number >= least && number <= most) return number;
        string low = least.ToString(CultureInfo.InvariantCulture), high = most.ToString(CultureInfo.InvariantCulture);
        Wrong($"a number from {low} to {high}", $"число от {low} до {high}");
        return least;
    }

    public bool YesNo()
    {
        if (element.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) Wrong("true or false", "true или false");
        return element.ValueKind == JsonValueKind.True;
    }

    public DateOnly Day()
    {
        if (element.ValueKind == JsonValueKind.String && DateOnly.TryParseExact(element.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        Wrong("a day such as \"2026-12-31\"", "день, например \"2026-12-31\"");
        return default;
    }

    public TimeOnly Time()
    {
        if (element.ValueKind == JsonValueKind.String && TimeOnly.TryParseExact(element.GetString(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return time;
        Wrong("a time such as \"06:00\"", "время, например \"06:00\"");
        return default;
    }

    /// <summary>A discount ladder in percent; empty only where it was told to be wrong.</summary>
    public ImmutableArray<Percent> Ladder()
    {
        var steps = ImmutableArray.CreateBuilder<Percent>();
        var items = Items();
        foreach (var item in items)
        {
            var step = Percent.Of(item.Number(0.01m, 99m));
            if (steps.Count > 0 && step.BasisPoints <= steps[^1].BasisPoints) item.Wrong($"more than the step before it, {steps[^1]}", $"больше предыдущей ступени, {steps[^1]}");
            steps.Add(step);
        }

        if (items.Count == 0) Wrong("at least one step in percent", "хотя бы одна ступень в процентах");
        if (items.Count > MostSteps) Wrong($"at most {MostSteps} steps", $"не больше {MostSteps} ступеней");
        return steps.ToImmutable();
    }

    public Band Band(params ReadOnlySpan<string> beside)
    {
        var properties = Properties(["atLeast", "atMost", .. beside]);
        decimal? atLeast = properties.TryGetValue("atLeast", out var low) ? low.Number(-1_000_000_000, 1_000_000_000) : null;
        decimal? atMost = properties.TryGetValue("atMost", out var high) ? high.Number(-1_000_000_000, 1_000_000_000) : null;
        if (atLeast is null && atMost is null) Wrong("'atLeast', 'atMost' or both", "«atLeast», «atMost» или оба");
        if (atLeast > atMost) high.Wrong($"at least {atLeast}, the value of 'atLeast'", $"не меньше {atLeast}, значения «atLeast»");
        return new Band(atLeast, atMost);
    }

    /// <summary>One of some names; the first where it is none.</summary>
    public T OneOf<T>(ImmutableArray<(string Name, T Value)> names)
    {
        if (element.ValueKind == JsonValueKind.String)
            foreach (var (name, value) in names)
                if (name == element.GetString())
                    return value;
        var list = string.Join(", ", names.Select(one => one.Name));
        Wrong($"one of {list}", $"одно из: {list}");
        return names[0].Value;
    }

    public void Unknown(IEnumerable<string> known)
    {
        var list = string.Join(", ", known);
        Tell(new Text($"{file}: {place}: isn't known here; expected one of {list}.", $"{file}: {place}: такого здесь нет; ожидалось одно из: {list}."));
    }

    public void Wrong(string expectedEnglish, string expectedRussian)
    {
        if (!IsThere) return;
        var found = element.GetRawText();
        if (found.Length > 60) found = found[..57] + "...";
        found = found.ReplaceLineEndings(" ");
        mistakes.TryAdd(place, new Text(
            $"{file}: {PlaceIn(Language.English)}: found {found}, expected {expectedEnglish}.", $"{file}: {PlaceIn(Language.Russian)}: найдено {found}, ожидалось {expectedRussian}."));
    }

    string PlaceIn(Language language) => place.Length > 0 ? place : language == Language.Russian ? "план" : "the plan";

    void Tell(Text mistake) => mistakes.TryAdd(mistake.English, mistake);
}
