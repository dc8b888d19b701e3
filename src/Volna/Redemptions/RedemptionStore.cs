using Dapper;

namespace Volna.Redemptions;

/// <summary>Offers spent, for those who count them.</summary>
public sealed class RedemptionStore(StateStore state)
{
    /// <summary>All redemptions of a wave, by customer and offer.</summary>
    public IReadOnlyList<Redemption> OfWave(string wave)
    {
        using var connection = state.Connect();
        return
        [
            .. connection.Query<Row>(
                """
                select wave, customer, offer_index as offerIndex, receipt, line, store, day, quantity_thousandths as quantityThousandths,
                       paid_minor as paidMinor, discount_minor as discountMinor
                from redemption where wave = @wave order by customer, offer_index
                """,
                new { wave }).Select(row => row.Redemption),
        ];
    }

    sealed class Row
    {
        public string Wave { get; init; } = "";
        public int Customer { get; init; }
        public int OfferIndex { get; init; }
        public string Receipt { get; init; } = "";
        public string Line { get; init; } = "";
        public string Store { get; init; } = "";
        public string Day { get; init; } = "";
        public long QuantityThousandths { get; init; }
        public long PaidMinor { get; init; }
        public long DiscountMinor { get; init; }

        public Redemption Redemption => new(
            Wave, new CustomerId(Customer), OfferIndex, Receipt, Line, Store,
            DateOnly.ParseExact(Day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            new Quantity(QuantityThousandths), new Money(PaidMinor), new Money(DiscountMinor));
    }
}
