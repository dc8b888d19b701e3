using Volna.Kernels;

namespace Volna.Simulation;

/// <summary>What a wave does to customers in a <see cref="Panel"/>, as shares: 0.05 is five in a hundred more.</summary>
/// <param name="Visits">How many more visits.</param>
/// <param name="Basket">How much more is spent at a visit.</param>
/// <param name="LoyalVisits">How many more visits those make who come most often, a quarter of all; null for as many as all others. Below zero the wave annoys them.</param>
public sealed record PanelEffect(double Visits = 0, double Basket = 0, double? LoyalVisits = null)
{
    public static readonly PanelEffect None = new();
}

/// <summary>A customer of a <see cref="Panel"/>: what an analyst sees of her, and what only her maker knows.</summary>
/// <param name="Treated">False for the held-out.</param>
/// <param name="BeforeMinor">Spend in the days before the wave.</param>
/// <param name="SpendMinor">Spend in the days of the wave.</param>
/// <param name="Visits">Visits in the days of the wave.</param>
/// <param name="TrueEffectMinor">Spend with the wave less spend without it, the same luck in both; of the held-out too.</param>
/// <param name="TrueVisits">The same of visits.</param>
public readonly record struct PanelCustomer(bool Treated, long BeforeMinor, long SpendMinor, int Visits, long TrueEffectMinor, int TrueVisits);

/// <summary>
/// The quick little sister of a <see cref="World"/>: thousands of customers in milliseconds, for those who need a thousand worlds. Visits are a Poisson
/// process whose rate varies between customers log-normally, a part of them never comes again; baskets are log-normal around a mean of each customer's
/// own. Both potential outcomes share their luck: a better life has the visits of the other one and some more, a worse one is thinned.
/// </summary>
public sealed class Panel
{
    /// <summary>Weekly visits and minor units a basket of the customer in the middle; spreads of their logarithms between customers and between baskets.</summary>
    const double VisitsPerWeek = 0.75, VisitSpread = 0.5, Basket = 700_00, BasketSpread = 0.5, BasketNoise = 0.7, Gone = 0.1;

    /// <summary>Upper quartile of the standard normal.</summary>
    const double UpperQuartile = 0.6744897501960817;

    readonly long[] _spendByDay;

    Panel(PanelCustomer[] customers, long[] spendByDay, int days) => (Customers, _spendByDay, Days) = (customers, spendByDay, days);

    public IReadOnlyList<PanelCustomer> Customers { get; }

    /// <summary>Days of the wave.</summary>
    public int Days { get; }

    /// <summary>Mean true effect on spend over the treated, in minor units: what a report estimates.</summary>
    public double TrueEffectOnTreatedMinor => Customers.Where(customer => customer.Treated).Average(customer => (double)customer.TrueEffectMinor);

    /// <summary>A customer's spend by day of the wave.</summary>
    public ReadOnlySpan<long> SpendByDay(int customer) => _spendByDay.AsSpan(customer * Days, Days);

    /// <param name="season">How much more often everybody comes in the wave's days than before, wave or not.</param>
    internal static Panel Make(ulong seed, int customers, PanelEffect effect, double treatedShare, double season, int daysBefore, int days)
    {
        var made = new PanelCustomer[customers];
        var spendByDay = new long[customers * days];
        for (var number = 0; number < customers; number++) made[number] = Customer(seed, number, effect, treatedShare, season, daysBefore, spendByDay.AsSpan(number * days, days));
        return new Panel(made, spendByDay, days);
    }

    static PanelCustomer Customer(ulong seed, int number, PanelEffect effect, double treatedShare, double season, int daysBefore, Span<long> spendByDay)
    {
        var draw = new Draw(seed, "panel", (ulong)number);
        var treated = draw.NextUnit() < treatedShare;
        var often = draw.NextNormal();
        var isGone = draw.NextUnit() < Gone;
        var rate = VisitsPerWeek / 7 * Math.Exp(VisitSpread * often);
        var basket = Basket * Math.Exp((BasketSpread * draw.NextNormal()) - (BasketNoise * BasketNoise / 2));
        var before = 0L;
        for (var left = Poisson(rate * daysBefore, ref draw); left > 0; left--) before += (long)Math.Round(basket * Math.Exp(BasketNoise * draw.NextNormal()));

        var more = often > UpperQuartile ? effect.LoyalVisits ?? effect.Visits : effect.Visits;
        var usual = isGone ? 0 : rate * spendByDay.Length * (1 + season);
        long with = 0, without = 0;
        int visitsWith = 0, visitsWithout = 0;
        for (var left = Poisson(usual, ref draw); left > 0; left--) Visit(isOwn: true, isKept: draw.NextUnit() >= -more, ref draw, spendByDay);
        for (var left = Poisson(usual * Math.Max(more, 0), ref draw); left > 0; left--) Visit(isOwn: false, isKept: true, ref draw, spendByDay);
        return new PanelCustomer(treated, before, treated ? with : without, treated ? visitsWith : visitsWithout, with - without, visitsWith - visitsWithout);

        void Visit(bool isOwn, bool isKept, ref Draw draw, Span<long> byDay)
        {
            var paid = basket * Math.Exp(BasketNoise * draw.NextNormal());
            var day = draw.NextBelow(byDay.Length);
            if (isOwn)
            {
                without += (long)Math.Round(paid);
                visitsWithout++;
                if (!treated) byDay[day] += (long)Math.Round(paid);
            }

            if (isKept)
            {
                with += (long)Math.Round(paid * (1 + effect.Basket));
                visitsWith++;
                if (treated) byDay[day] += (long)Math.Round(paid * (1 + effect.Basket));
            }
        }
    }

    /// <summary>By products of uniforms (Knuth, TAOCP 2, 3.4.1), which is quick for the small means here.</summary>
    static int Poisson(double mean, ref Draw draw)
    {
        var limit = Math.Exp(-mean);
        var count = 0;
        for (var product = draw.NextUnit(); product > limit; product *= draw.NextUnit()) count++;
        return count;
    }
}
