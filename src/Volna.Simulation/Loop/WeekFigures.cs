namespace Volna.Simulation.Loop;

/// <summary>What some customers bought.</summary>
/// <param name="DiscountMinor">What policies of the retailer took off, on the shelf or by offers, beside the promotions that all policies share.</param>
readonly record struct Sales(long SpendMinor, long MarginMinor, long Receipts, long DiscountMinor)
{
    public static Sales operator +(Sales a, Sales b) => new(a.SpendMinor + b.SpendMinor, a.MarginMinor + b.MarginMinor, a.Receipts + b.Receipts, a.DiscountMinor + b.DiscountMinor);

    public static Sales operator -(Sales a, Sales b) => new(a.SpendMinor - b.SpendMinor, a.MarginMinor - b.MarginMinor, a.Receipts - b.Receipts, a.DiscountMinor - b.DiscountMinor);

    /// <summary>In minor units; 0 without receipts.</summary>
    public double AverageCheck => Receipts == 0 ? 0 : (double)SpendMinor / Receipts;
}

/// <summary>To which group of the comparison a customer belongs.</summary>
enum Group : byte
{
    /// <summary>Outside the universal hold-out, came often before the first wave.</summary>
    Frequent = 0,

    /// <summary>Outside the universal hold-out, all others.</summary>
    Other = 1,

    /// <summary>Gets no personal offers throughout.</summary>
    HeldOut = 2,
}

/// <summary>A week's sales by group of customers.</summary>
/// <param name="shared">The world with the shelf promotions that all policies share.</param>
/// <param name="groups">By customer.</param>
sealed class WeekFigures(World shared, Group[] groups)
{
    readonly Sales[] _sales = new Sales[3];

    public Sales Frequent => _sales[(int)Group.Frequent];

    public Sales HeldOut => _sales[(int)Group.HeldOut];

    /// <summary>Those who are compared: all outside the universal hold-out.</summary>
    public Sales Compared => Frequent + _sales[(int)Group.Other];

    public void Add(ReceiptBook book)
    {
        foreach (var receipt in book.Receipts)
        {
            var promotions = shared.MassPromotions(receipt.Day);
            var sum = new Sales(0, 0, receipt.IsReturn ? 0 : 1, 0);
            foreach (var line in book.LinesOf(receipt))
            {
                var quantity = new Quantity(line.QuantityThousandths);
                var margin = line.Paid - quantity.Times(shared.Assortment.Goods[line.Product].Cost);
                var usual = receipt.IsReturn ? line.Paid : quantity.Times(MassPromotionsOfWeek.Price(line.RegularPrice, promotions[line.Product]));
                sum += new Sales(line.Paid.Minor, margin.Minor, 0, (usual - line.Paid).Minor);
            }

            _sales[(int)groups[receipt.Shopper]] += sum;
        }
    }
}
