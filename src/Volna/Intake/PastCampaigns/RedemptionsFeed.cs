using System.Data.Common;
using Volna.Intake.Files;
using Volna.Intake.Reference;

namespace Volna.Intake.PastCampaigns;

/// <summary>
/// Files of coupons redeemed in past campaigns. Rows add up; a repeated one changes nothing. The coupon must belong to the campaign and the
/// customer must have been in it: what doesn't link would teach nonsense.
/// </summary>
static class RedemptionsFeed
{
    static readonly Column Customer = new(0, "customer", ColumnType.Key,
        new("The customer; must have been in the campaign", "Покупатель; должен участвовать в кампании"), "1234567")
    { Required = true };

    static readonly Column Coupon = new(1, "coupon", ColumnType.Key,
        new("The coupon; must belong to the campaign", "Купон; должен относиться к кампании"), "D-10")
    { Required = true };

    static readonly Column Campaign = new(2, "campaign", ColumnType.Key,
        new("The campaign; must be known", "Кампания; должна быть известна"), "2026-09-dairy")
    { Required = true };

    static readonly Column Day = new(3, "day", ColumnType.Date,
        new("Day of the redemption", "День погашения"), "2026-09-19")
    { Required = true };

    public static readonly FileKind Kind = new(
        new FileFormat("redemptions", new("Coupons redeemed in past campaigns", "Погашения купонов прошлых кампаний"), Customer, Coupon, Campaign, Day)
        {
            Storing = new("Rows add to what is known; a repeated one changes nothing. A redemption that doesn't link to its coupon and campaign is rejected.",
                "Строки добавляются к известным; повтор ничего не меняет. Погашение, которое не связывается с купоном и кампанией, отклоняется."),
        },
        (_, context) =>
        {
            var links = PastCampaignStore.Links(context.State);
            return new RowTaker<RedemptionRow>(row => Read(row, context, links), Save);
        });

    sealed record RedemptionRow(int Customer, string Coupon, string Campaign, string Day);

    static RedemptionRow? Read(Row row, FileContext context, PastCampaignLinks links)
    {
        var campaign = System.Text.Encoding.UTF8.GetString(row.Key(Campaign));
        if (!links.Campaigns.Contains(campaign)) row.Reject(RejectReason.UnknownCampaign, Campaign);
        var coupon = System.Text.Encoding.UTF8.GetString(row.Key(Coupon));
        if (!links.Coupons.Contains((coupon, campaign))) row.Reject(RejectReason.UnknownCoupon, Coupon);
        var customer = KnownKey.Customer(row, Customer, context);
        if (!links.Customers.Contains((campaign, customer))) row.Reject(RejectReason.NotInCampaign, Customer);
        var day = row.Date(Day);
        if (day > DateOnly.FromDateTime(context.Now)) row.Reject(RejectReason.FutureDate, Day);
        return row.IsRejected ? null : new RedemptionRow(customer, coupon, campaign, day!.Value.Iso());
    }

    static void Save(IReadOnlyList<RedemptionRow> rows, DbTransaction transaction) =>
        transaction.ExecuteEach(
            """
            insert into past_redemption (customer, coupon, campaign, day) values (@Customer, @Coupon, @Campaign, @Day)
            on conflict (customer, coupon, campaign, day) do nothing
            """,
            rows);
}
