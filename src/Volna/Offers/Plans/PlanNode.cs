using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Volna.Offers.Plans;

/// <summary>A value in a plan file with its place, read strictly: anything unexpected is told in one sentence and ends the reading.</summary>
readonly struct PlanNode(string file, string place, JsonElement element)
{
    public string Place => place;

    /// <summary>The properties, of which none but the known ones may be there, and none twice.</summary>
    public Dictionary<string, PlanNode> Properties(params ReadOnlySpan<string> known)
    {
        var properties = Properties();
        foreach (var (name, node) in properties)
            if (!known.Contains(name))
                throw node.Unknown(known.ToArray());
        return properties;
    }

    public Dictionary<string, PlanNode> Properties()
    {
        if (element.ValueKind != JsonValueKind.Object) throw Wrong("an object { ... }", "объект { ... }");
        var properties = new Dictionary<string, PlanNode>();
        foreach (var property in element.EnumerateObject())
        {
            var node = new PlanNode(file, place.Length == 0 ? property.Name : $"{place}.{property.Name}", property.Value);
            if (!properties.TryAdd(property.Name, node))
                throw new BadInputException("plan-wrong", new Text($"{file}: {node.Place}: stands there twice; expected once.", $"{file}: {node.Place}: встречается дважды, а должно один раз."));
        }

        return properties;
    }

    public PlanNode Required(Dictionary<string, PlanNode> properties, string name) => properties.TryGetValue(name, out var node)
        ? node
        : throw new BadInputException("plan-wrong", new Text(
            $"{file}: {(place.Length == 0 ? "the plan" : place)}: '{name}' is missing.",
            $"{file}: {(place.Length == 0 ? "план" : place)}: не хватает «{name}»."));

    public List<PlanNode> Items()
    {
        if (element.ValueKind != JsonValueKind.Array) throw Wrong("a list [ ... ]", "список [ ... ]");
        var items = new List<PlanNode>();
        foreach (var item in element.EnumerateArray()) items.Add(new PlanNode(file, $"{place}[{items.Count}]", item));
        return items;
    }

    public string Words() => element.ValueKind == JsonValueKind.String && element.GetString()!.Trim().Length > 0
        ? element.GetString()!
        : throw Wrong("a text in quotes", "текст в кавычках");

    public int Whole(int least, int most)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) && number >= least && number <= most) return number;
        throw Wrong($"a whole number from {least} to {most}", $"целое число от {least} до {most}");
    }

    public decimal Number(decimal least, decimal most)
    {
        if (element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var number) && number >= least && number <= most) return number;
        string low = least.ToString(CultureInfo.InvariantCulture), high = most.ToString(CultureInfo.InvariantCulture);
        throw Wrong($"a number from {low} to {high}", $"число от {low} до {high}");
    }

    public bool YesNo() => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong("true or false", "true или false"),
    };

    /// <summary>A discount ladder in percent.</summary>
    public ImmutableArray<Percent> Ladder()
    {
        var steps = ImmutableArray.CreateBuilder<Percent>();
        foreach (var item in Items())
        {
            var step = Percent.Of(item.Number(0.01m, 99m));
            if (steps.Count > 0 && step.BasisPoints <= steps[^1].BasisPoints)
                throw item.Wrong($"more than the step before it, {steps[^1]}", $"больше предыдущей ступени, {steps[^1]}");
            steps.Add(step);
        }

        return steps.Count > 0 ? steps.ToImmutable() : throw Wrong("at least one step in percent", "хотя бы одна ступень в процентах");
    }

    public Band Band(params ReadOnlySpan<string> beside)
    {
        var properties = Properties(["atLeast", "atMost", .. beside]);
        decimal? atLeast = properties.TryGetValue("atLeast", out var low) ? low.Number(-1_000_000_000, 1_000_000_000) : null;
        decimal? atMost = properties.TryGetValue("atMost", out var high) ? high.Number(-1_000_000_000, 1_000_000_000) : null;
        if (atLeast is null && atMost is null) throw Wrong("'atLeast', 'atMost' or both", "«atLeast», «atMost» или оба");
        if (atLeast > atMost) throw high.Wrong($"at least {atLeast}, the value of 'atLeast'", $"не меньше {atLeast}, значения «atLeast»");
        return new Band(atLeast, atMost);
    }

    /// <summary>One of some names.</summary>
    public T OneOf<T>(ImmutableArray<(string Name, T Value)> names)
    {
        if (element.ValueKind == JsonValueKind.String)
            foreach (var (name, value) in names)
                if (name == element.GetString())
                    return value;
        var list = string.Join(", ", names.Select(one => one.Name));
        throw Wrong($"one of {list}", $"одно из: {list}");
    }

    public BadInputException Unknown(IEnumerable<string> known)
    {
        var list = string.Join(", ", known);
        return new BadInputException("plan-wrong", new Text($"{file}: {place}: isn't known here; expected one of {list}.", $"{file}: {place}: такого здесь нет; ожидалось одно из: {list}."));
    }

    public BadInputException Wrong(string expectedEnglish, string expectedRussian)
    {
        var found = element.GetRawText();
        if (found.Length > 60) found = found[..57] + "...";
        found = found.ReplaceLineEndings(" ");
        return new BadInputException("plan-wrong", new Text(
            $"{file}: {place}: found {found}, expected {expectedEnglish}.", $"{file}: {place}: найдено {found}, ожидалось {expectedRussian}."));
    }
}
