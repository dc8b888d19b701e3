using System.Collections.Immutable;
using System.Text.Json;
using Volna.Intake.Catalog;
using Volna.Learning.Portraits;

namespace Volna.Offers.Plans;

/// <summary>A plan as people write it: JSON, with comments allowed, read strictly.</summary>
public static class PlanFile
{
    /// <summary>Most offers a customer may get: a receipt and a screen hold no more.</summary>
    public const int MostOffers = 10;

    /// <summary>How many earlier waves a new one looks back on.</summary>
    public const int EarlierWaves = 12;

    internal static readonly JsonDocumentOptions Leniently = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a plan.</summary>
    /// <param name="file">How messages call it.</param>
    /// <exception cref="BadInputException">One sentence for the first mistake: file, place, what was found, what was expected; and how many more there are.</exception>
    public static Plan Parse(string file, string text)
    {
        var (plan, mistakes) = Check(file, text);
        return plan ?? throw new BadInputException("plan-wrong", mistakes.Length == 1 ? mistakes[0] : new Text(
            $"{mistakes[0].English} There are {mistakes.Length - 1} more mistakes; `volna plan check` tells them all.",
            $"{mistakes[0].Russian} Есть и другие ошибки ({mistakes.Length - 1}); все показывает `volna plan check`."));
    }

    /// <summary>Reads a plan, or tells all its mistakes, a sentence each.</summary>
    public static (Plan? Plan, ImmutableArray<Text> Mistakes) Check(string file, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Leniently);
            var mistakes = new OrderedDictionary<string, Text>();
            var plan = PlanReader.Read(new PlanNode(file, "", document.RootElement, mistakes));
            return (mistakes.Count == 0 ? plan : null, [.. mistakes.Values]);
        }
        catch (JsonException mistake)
        {
            var place = (mistake.LineNumber + 1, mistake.BytePositionInLine + 1);
            return (null, [new Text(
                $"{file}: line {place.Item1}, column {place.Item2}: isn't JSON; expected a plan as `volna schema plan` prints it.",
                $"{file}: строка {place.Item1}, позиция {place.Item2}: это не JSON; ожидался план, образец печатает `volna schema plan`.")]);
        }
    }

    /// <summary>What a plan names and the catalogue doesn't have, a sentence each.</summary>
    public static IEnumerable<BadInputException> Against(Plan plan, string file, Catalog catalog)
    {
        foreach (var segment in plan.Segments)
            foreach (var path in segment.When?.Bought?.Categories ?? [])
                if (catalog.FindCategory(path) is null)
                    yield return new BadInputException("plan-category-unknown", new Text(
                        $"{file}: segment '{segment.Name}': the category '{path}' isn't in the catalogue; expected a path such as {Example(catalog)}.",
                        $"{file}: сегмент «{segment.Name}»: категории «{path}» нет в каталоге; ожидался путь, например {Example(catalog)}."));
        foreach (var goods in plan.SlotKinds.Values.SelectMany(terms => terms.Goods))
            if (!catalog.Products.Any(product => product is not null && Filter.Goods.Concerns(catalog, product, goods.Of, goods.Value)))
                yield return new BadInputException("plan-goods-empty", new Text(
                    $"{file}: slotKinds.supplier.goods: no product of the catalogue belongs to '{goods.Value}'; expected a product, category, brand, supplier or tag as the imported files name it.",
                    $"{file}: slotKinds.supplier.goods: ни один товар каталога не относится к «{goods.Value}»; ожидались товар, категория, марка, поставщик или метка, как в загруженных файлах."));
        foreach (var supplier in plan.SupplierShares.Keys.Order(StringComparer.Ordinal))
            if (!catalog.Products.Any(product => product is not null && Filter.Goods.Concerns(catalog, product, TargetKind.Supplier, supplier)))
                yield return new BadInputException("plan-supplier-unknown", new Text(
                    $"{file}: supplierPaysPercent: found the supplier '{supplier}', expected one that products of the catalogue have{Such(catalog, ", such as ")}.",
                    $"{file}: supplierPaysPercent: найден поставщик «{supplier}», ожидался поставщик товаров из каталога{Such(catalog, ", например ")}."));
        // The tills compare exactly: a discount on goods of a name written otherwise would be the retailer's.
        foreach (var supplier in plan.Till.SupplierBudgets.Keys.Order(StringComparer.Ordinal))
            if (!catalog.Products.Any(product => product?.Supplier == supplier))
                yield return new BadInputException("plan-supplier-unknown", new Text(
                    $"{file}: till.supplierBudgets: found the supplier '{supplier}', expected one that products of the catalogue have, written exactly so{Such(catalog, ", such as ")}.",
                    $"{file}: till.supplierBudgets: найден поставщик «{supplier}», ожидался поставщик товаров из каталога, записанный в точности так же{Such(catalog, ", например ")}."));
        foreach (var limit in plan.Limits)
            foreach (var mistake in Against(limit, file, catalog))
                yield return mistake;
        foreach (var limit in plan.Limits)
            if (!catalog.Products.Any(product => product is not null && Filter.Goods.Concerns(catalog, product, limit.Of, limit.Value)))
                yield return new BadInputException("plan-limit-empty", new Text(
                    $"{file}: limit '{limit.Name}': no product of the catalogue belongs to '{limit.Value}'; expected a product, category, brand, supplier or tag as the imported files name it.",
                    $"{file}: ограничение «{limit.Name}»: ни один товар каталога не относится к «{limit.Value}»; ожидались товар, категория, марка, поставщик или метка, как в загруженных файлах."));
    }

    /// <summary>Portraits that a plan names and the model doesn't have, a sentence each.</summary>
    /// <param name="portraits">The model's; null where it has none.</param>
    public static IEnumerable<BadInputException> Against(Plan plan, string file, PortraitSet? portraits)
    {
        foreach (var segment in plan.Segments)
            foreach (var name in segment.When?.Portraits ?? [])
                if (portraits is null)
                    yield return new BadInputException("plan-portraits-none", new Text(
                        $"{file}: segment '{segment.Name}': found the portrait '{name}', but the model that waves are made with knows none; `volna learn` finds them where at least {LearnPortraits.FewestCustomers} customers bought within a year.",
                        $"{file}: сегмент «{segment.Name}»: найден портрет «{name}», но рабочая модель портретов не содержит; их находит `volna learn`, если за год покупали хотя бы {LearnPortraits.FewestCustomers} покупателей."));
                else if (!portraits.Has(name))
                    yield return new BadInputException("plan-portrait-unknown", new Text(
                        $"{file}: segment '{segment.Name}': found the portrait '{name}', expected one of the model's: {string.Join("; ", portraits.Portraits.Select(portrait => portrait.Name.English))}.",
                        $"{file}: сегмент «{segment.Name}»: найден портрет «{name}», ожидался один из портретов модели: {string.Join("; ", portraits.Portraits.Select(portrait => portrait.Name.Russian))}."));
    }

    /// <summary>Stores and cities that a limit names.</summary>
    static IEnumerable<BadInputException> Against(PlanLimit limit, string file, Catalog catalog)
    {
        foreach (var key in limit.Where?.Stores ?? [])
            if (catalog.FindStore(key) is null)
                yield return new BadInputException("plan-store-unknown", new Text(
                    $"{file}: limit '{limit.Name}': found the store '{key}', expected a key of the catalogue{Such(catalog, store => store.Key, ", such as ")}.",
                    $"{file}: ограничение «{limit.Name}»: найден магазин «{key}», ожидался ключ из каталога{Such(catalog, store => store.Key, ", например ")}."));
        foreach (var city in limit.Where?.Cities ?? [])
            if (!catalog.Stores.Any(store => string.Equals(store?.City, city, StringComparison.OrdinalIgnoreCase)))
                yield return new BadInputException("plan-city-unknown", new Text(
                    $"{file}: limit '{limit.Name}': found the city '{city}', expected one where a store of the catalogue is{Such(catalog, store => store.City, ", such as ")}.",
                    $"{file}: ограничение «{limit.Name}»: найден город «{city}», ожидался город, где есть магазин из каталога{Such(catalog, store => store.City, ", например ")}."));
    }

    static string Such(Catalog catalog, Func<Store, string> name, string before) =>
        catalog.Stores.OfType<Store>().Select(name).FirstOrDefault(one => one.Length > 0) is { } one ? before + one : "";

    static string Such(Catalog catalog, string before) => catalog.Products.FirstOrDefault(product => product is { Supplier.Length: > 0 }) is { } one ? before + one.Supplier : "";

    static string Example(Catalog catalog) => catalog.Categories.FirstOrDefault(category => category is not null)?.Path ?? "Food/Dairy";

    /// <summary>Reads only a plan's name; empty where the text has none.</summary>
    public static string ParseName(string text)
    {
        using var document = JsonDocument.Parse(text, Leniently);
        return document.RootElement.TryGetProperty("name", out var name) ? name.GetString() ?? "" : "";
    }

    /// <summary>Reads only what a plan says to the tills.</summary>
    /// <inheritdoc cref="Parse"/>
    public static TillRules ParseTill(string file, string text)
    {
        using var document = JsonDocument.Parse(text, Leniently);
        var mistakes = new OrderedDictionary<string, Text>();
        var rules = new PlanNode(file, "", document.RootElement, mistakes).Properties().TryGetValue("till", out var till) ? PlanReader.ReadTill(till) : TillRules.None;
        return mistakes.Count == 0 ? rules : throw new BadInputException("plan-wrong", mistakes.GetAt(0).Value);
    }
}
