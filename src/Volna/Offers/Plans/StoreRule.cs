using System.Collections.Immutable;
using Volna.Intake.Catalog;

namespace Volna.Offers.Plans;

/// <summary>Stores that a plan names; all of them where it names none.</summary>
/// <param name="Stores">Keys.</param>
/// <param name="Cities">All stores of these, too.</param>
public sealed record StoreRule(ImmutableArray<string> Stores, ImmutableArray<string> Cities, StoreUnit Each)
{
    public IEnumerable<Store> Among(Catalog catalog) => catalog.Stores.OfType<Store>().Where(store =>
        (Stores.IsEmpty && Cities.IsEmpty) || Stores.Contains(store.Key) || Cities.Contains(store.City, StringComparer.OrdinalIgnoreCase));
}

/// <summary>For what each of a limit's stores it holds for itself.</summary>
public enum StoreUnit
{
    /// <summary>For all of them together.</summary>
    Together = 0,
    Store = 1,
    City = 2,
}
