using Volna.Intake.Catalog;
using Volna.Learning.Demand;
using Volna.Offers.Filter;
using Volna.Offers.Plans;

namespace Volna.Offers.Choice;

/// <summary>
/// What one purchase more of a product is worth to the retailer beside its own margin and turnover, for one customer after the other, as far as the plan asks.
///
/// A first purchase has the plan's worth of a trial, where she never bought the product.
///
/// A customer is kept if she buys something within the wave who would have bought nothing. With chances p_i of her candidates, taken as independent, raising p_j by a purchase
/// keeps her with the chance that she buys none of the others, the product of 1 - p_i over i other than j. What is bought on one visit isn't independent, so of customers who
/// seldom come fewer are counted than are kept; of those who come each week it is near nothing either way.
///
/// Cannibalisation: a purchase more is taken from the alternatives in proportion to their chances (Luce, "Individual Choice Behavior", 1959): of other goods of the category
/// p_i / (1 - p_j) each, or 1 in all at most. Its source is what she is expected to buy without offers, which is learnt from her history; that categories are chosen so is an
/// assumption, and the plan says how much of it counts. Where the answer to offers is learnt, it is measured on held-out customers instead (<see cref="Response.AnswerModel"/>).
/// </summary>
sealed class BesideWorth
{
    readonly Goods _goods;
    readonly double _windows, _cannibalisation;
    readonly bool _looksAtKept;

    // By product: what a purchase of it leaves and turns over at its regular price; empty where nothing is taken.
    readonly float[] _margins = [], _prices = [];

    // By category, of the customer taken last.
    readonly Sums[] _ofCategory = [];
    readonly List<int> _categories = [];
    double _logNothing;

    struct Sums
    {
        public double Chance, Margin, Turnover;
    }

    /// <param name="windows">Length of the wave's validity in windows of the candidates' chances.</param>
    public BesideWorth(Plan plan, Goods goods, double windows)
    {
        (_goods, _windows, _cannibalisation) = (goods, windows, plan.Cannibalisation);
        _looksAtKept = plan.SlotKinds.Values.Any(terms => terms.RetentionWorth > Money.Zero);
        if (_cannibalisation == 0) return;
        var products = goods.Catalog.Products;
        (_margins, _prices, _ofCategory) = (new float[products.Length], new float[products.Length], new Sums[goods.Catalog.Categories.Length]);
        foreach (var product in products.OfType<Product>())
        {
            if (product.Price is not { } price) continue;
            // Of what nobody knows the cost of, nothing is lost but turnover.
            var margin = product.Cost is { } cost ? (price - cost).Minor : plan.AssumedCost is { } assumed ? price.Minor * (1 - assumed.Share) : 0;
            (_margins[product.Id.Value], _prices[product.Id.Value]) = ((float)margin, price.Minor);
        }
    }

    public static bool IsAskedFor(Plan plan) => plan.Cannibalisation > 0 || plan.SlotKinds.Values.Any(terms => terms.TrialWorth > Money.Zero || terms.RetentionWorth > Money.Zero);

    /// <summary>Takes a customer's candidates, before any is asked about.</summary>
    public void Take(ReadOnlySpan<Candidate> candidates)
    {
        foreach (var category in _categories) _ofCategory[category] = default;
        _categories.Clear();
        _logNothing = 0;
        if (_cannibalisation == 0 && !_looksAtKept) return;
        foreach (ref readonly var candidate in candidates)
        {
            var logNot = _windows * Math.Log(1 - Math.Min(candidate.Chance, 0.999999));
            _logNothing += logNot;
            if (_cannibalisation == 0 || _goods[candidate.Product].Category is not (> 0 and var category)) continue;
            ref var sums = ref _ofCategory[category];
            if (sums.Chance == 0) _categories.Add(category);
            Add(ref sums, candidate.Product, 1 - Math.Exp(logNot));
        }
    }

    /// <param name="product">One of the candidates taken.</param>
    /// <param name="chance">That she buys it without an offer, within the wave's validity.</param>
    /// <param name="isFirst">She never bought it.</param>
    /// <returns>In minor units.</returns>
    public float Of(int product, double chance, bool isFirst, SlotTerms terms)
    {
        double worth = isFirst ? terms.TrialWorth.Minor : 0;
        if (terms.RetentionWorth > Money.Zero) worth += terms.RetentionWorth.Minor * Math.Min(1, Math.Exp(_logNothing) / (1 - chance));
        if (_cannibalisation > 0 && _goods[product].Category is > 0 and var category)
        {
            var others = _ofCategory[category];
            Add(ref others, product, -chance);
            worth -= _cannibalisation * Math.Max(0, others.Margin + (terms.TurnoverWorth * others.Turnover)) / Math.Max(1 - chance, others.Chance);
        }

        return (float)worth;
    }

    void Add(ref Sums sums, int product, double chance)
    {
        sums.Chance += chance;
        sums.Margin += chance * _margins[product];
        sums.Turnover += chance * _prices[product];
    }
}
