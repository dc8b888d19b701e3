using Volna.Intake.Catalog;
using Volna.Offers.Plans;

namespace Volna.Offers.Generation;

/// <summary>What a person should know of a wave's data before it is generated: it can be made, but some of it may not be meant so.</summary>
static class WaveRemarks
{
    const int MostNames = 5;

    /// <param name="modelDay">The morning up to which the model saw purchases.</param>
    /// <param name="lastDay">Of the newest purchase.</param>
    public static IEnumerable<Text> Of(Plan plan, Catalog catalog, string model, DateOnly modelDay, DateOnly lastDay, DateOnly from)
    {
        if (modelDay <= lastDay && modelDay < from)
            yield return new Text(
                $"The model {model} knows purchases up to {modelDay.AddDays(-1):yyyy-MM-dd}, but the data go up to {lastDay:yyyy-MM-dd}; `volna learn` learns from the newer ones too.",
                $"Модель {model} знает покупки по {modelDay.AddDays(-1):yyyy-MM-dd}, а данные доходят до {lastDay:yyyy-MM-dd}; учесть новые — `volna learn`.");
        var gap = from.DayNumber - lastDay.DayNumber - 1;
        if (gap > 0)
            yield return new Text(
                $"The newest purchase is of {lastDay:yyyy-MM-dd}: nothing is known of the {(gap == 1 ? "day" : $"{gap} days")} before the wave.",
                $"Последняя покупка в данных — {lastDay:yyyy-MM-dd}: о {gap} {Languages.Plural(gap, "дне", "днях", "днях")} перед волной ничего не известно.");

        var products = catalog.Products.OfType<Product>().ToList();
        var priced = catalog.StorePrices.Keys.Select(key => key.Product).ToHashSet();
        var unpriced = products.Count(product => product.Price is null && !priced.Contains(product.Id.Value));
        if (unpriced > 0)
            yield return new Text($"Products without any price: {unpriced}; they can't be offered.", $"Товаров без цены: {unpriced}; их нельзя предложить.");
        var costless = products.Count(product => product.Cost is null);
        if (costless > 0)
            yield return plan.AssumedCost is { } assumed
                ? new Text($"Products without a known cost: {costless}; the plan assumes {assumed} of the price.", $"Товаров с неизвестной себестоимостью: {costless}; план предполагает {assumed} цены.")
                : new Text($"Products without a known cost: {costless}; they can't be offered, because the plan assumes none.", $"Товаров с неизвестной себестоимостью: {costless}; их нельзя предложить: план её не предполагает.");

        var silent = catalog.Stores.Where(store => store is not null && !catalog.StoresWithStock.Contains(store.Id.Value)).Select(store => store!.Key).Order(StringComparer.Ordinal).ToList();
        if (silent.Count > 0)
            yield return new Text(
                $"Stores that sent no stock: {silent.Count} ({Names(silent)}); all goods are taken to be there.",
                $"Магазинов, не приславших остатки: {silent.Count} ({Names(silent)}); считается, что в них есть все товары.");

        foreach (var limit in plan.Limits.Where(limit => limit.MostOfStock is not null))
        {
            var blind = (limit.Where?.Among(catalog) ?? catalog.Stores.OfType<Store>()).Where(store => !catalog.StoresWithStock.Contains(store.Id.Value)).Select(store => store.Key).Order(StringComparer.Ordinal).ToList();
            if (blind.Count > 0)
                yield return new Text(
                    $"Limit '{limit.Name}': stores that sent no stock aren't bound by it: {blind.Count} ({Names(blind)}).",
                    $"Ограничение «{limit.Name}» не действует в магазинах, не приславших остатки: {blind.Count} ({Names(blind)}).");
        }
    }

    static string Names(List<string> keys) => string.Join(", ", keys.Take(MostNames)) + (keys.Count > MostNames ? ", ..." : "");
}
