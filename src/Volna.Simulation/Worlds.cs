using Volna.Intake.Catalog;

namespace Volna.Simulation;

/// <summary>Ready-made worlds whose truth is known, for tests of what is reckoned from them.</summary>
static class Worlds
{
    const int Offers = 5;

    /// <summary>The supplier whose goods <see cref="SupplierEffect"/> offers.</summary>
    public const string Supplier = "Supplier 07";

    /// <summary>By what the offers of <see cref="OneKnownEffect"/> multiply the odds of a visit for those who know of them.</summary>
    public const double KnownVisitOdds = 1.4;

    /// <summary>Customers with spend before and in a wave, both arms and the true effect of each, in milliseconds.</summary>
    /// <param name="customers">At least one.</param>
    /// <param name="treatedShare">Chance of a customer not to be held out.</param>
    /// <param name="season">How much more often everybody comes in the wave's days than before, wave or not.</param>
    public static Panel Panel(
        ulong seed, int customers, PanelEffect effect, double treatedShare = 0.9, double season = 0, int daysBefore = 56, int days = 14)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(customers);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(days);
        return Simulation.Panel.Make(seed, customers, effect, treatedShare, season, daysBefore, days);
    }

    /// <summary>A/A: the treated get nothing, and nobody differs from herself.</summary>
    public static MadeWave NoEffect(ulong seed, int customers) => MadeWave.Make(Small(seed, customers), (_, _) => [], treatedShare: 0.5, days: 14);

    /// <summary>Offers that do one thing only: they multiply the odds of a visit. Nothing is cheaper, nothing is chosen otherwise, nobody is annoyed, and all who can be told know.</summary>
    public static MadeWave OneKnownEffect(ulong seed, int customers) => MadeWave.Make(
        Small(seed, customers) with { Annoyance = 0, Attention = 0, VisitPull = Math.Log(KnownVisitOdds) / (Offers * 0.2), SeenInApp = 1, SeenInEmail = 1, SeenInPrint = 1 },
        (world, shopper) => [.. Liked(world, shopper).Take(Offers).Select(product => new WorldOffer(product, Percent.Of(20), Floor: new Money(long.MaxValue / 1_000_000)))],
        treatedShare: 0.5, days: 14);

    /// <summary>Offers on one supplier's goods only, of which all know who can be told: his sales rise, partly at the cost of the others in the same categories.</summary>
    public static MadeWave SupplierEffect(ulong seed, int customers) => MadeWave.Make(
        Small(seed, customers) with { Annoyance = 0, Attention = 2, VisitPull = 0, SeenInApp = 1, SeenInEmail = 1, SeenInPrint = 1 },
        (world, shopper) => [.. Liked(world, shopper).Where(product => world.Assortment.Goods[product].Supplier.English == Supplier).Take(Offers).Select(product => new WorldOffer(product, Percent.Of(25), Money.Zero))],
        treatedShare: 0.5, days: 14);

    /// <summary>Messages that annoy the more, the more often a customer comes: the loyal spend less for them, the others more.</summary>
    public static MadeWave HurtsTheLoyal(ulong seed, int customers) => MadeWave.Make(
        Small(seed, customers) with { Irritable = 1, Annoyance = 0.25, LoyalAnnoyance = 3, VisitPull = 0.5, SeenInApp = 0.8, SeenInEmail = 0.6 },
        (world, shopper) => [.. Liked(world, shopper).Take(Offers).Select(product => new WorldOffer(product, Percent.Of(20), Money.Zero))],
        treatedShare: 0.5, days: 28);

    /// <summary>A wave without any effect whose days are those before New Year, when everybody buys more than before.</summary>
    public static MadeWave SeasonConfounded(ulong seed, int customers) => MadeWave.Make(
        Small(seed, customers) with { FirstDay = new DateOnly(2024, 12, 18).AddDays(-7 * Small(seed, customers).Weeks), SeasonStrength = 1.5 },
        (_, _) => [], treatedShare: 0.5, days: 14);

    static WorldOptions Small(ulong seed, int customers) => new() { Seed = seed, Customers = customers, Products = 400, Stores = 5, Weeks = 12, ThereFromStart = 1, Leaving = 0 };

    /// <summary>Goods she would take, those of different categories first, without those that bear no discount.</summary>
    static IEnumerable<int> Liked(World world, Shopper shopper)
    {
        for (var place = 0; place < Shopper.ConsideredMost; place++)
        {
            for (var need = 0; need < shopper.Needs.Length; need++)
            {
                if (shopper.NeedStart[need] + place >= shopper.NeedStart[need + 1]) continue;
                if (world.Assortment.Categories[shopper.Needs[need]].Floor == FloorPolicy.None) yield return shopper.Considered[shopper.NeedStart[need] + place];
            }
        }
    }
}
