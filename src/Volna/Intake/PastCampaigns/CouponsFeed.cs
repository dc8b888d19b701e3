using System.Data.Common;
using Volna.Intake.Files;

namespace Volna.Intake.PastCampaigns;

/// <summary>Files of coupons of past campaigns and their products. Rows add up; a repeated one changes nothing.</summary>
static class CouponsFeed
{
    static readonly Column Coupon = new(0, "coupon", ColumnType.Key,
        new("The coupon", "Купон"), "D-10")
    { Required = true };

    static readonly Column Product = new(1, "product", ColumnType.Key,
        new("A product it was good for; one that isn't known yet is added", "Товар, на который он действовал; неизвестный добавляется"), "85123A")
    { Required = true };

    static readonly Column Campaign = new(2, "campaign", ColumnType.Key,
        new("Its campaign; must be known", "Его кампания; должна быть известна"), "2026-09-dairy")
    { Required = true };

    public static readonly FileKind Kind = new(
        new FileFormat("coupons", new("Coupons of past campaigns", "Купоны прошлых кампаний"), Coupon, Product, Campaign)
        {
            Storing = new("Rows add to what is known; a repeated one changes nothing.",
                "Строки добавляются к известным; повтор ничего не меняет."),
        },
        (_, context) =>
        {
            var campaigns = PastCampaignStore.Campaigns(context.State);
            return new RowTaker<CouponRow>(row => Read(row, context, campaigns), Save);
        });

    sealed record CouponRow(string Coupon, string Campaign, int Product);

    static CouponRow? Read(Row row, FileContext context, IReadOnlySet<string> campaigns)
    {
        var coupon = System.Text.Encoding.UTF8.GetString(row.Key(Coupon));
        var campaign = System.Text.Encoding.UTF8.GetString(row.Key(Campaign));
        if (!campaigns.Contains(campaign)) row.Reject(RejectReason.UnknownCampaign, Campaign);
        var product = row.Key(Product);
        return row.IsRejected ? null : new CouponRow(coupon, campaign, context.Keys.Products.NumberOf(product));
    }

    static void Save(IReadOnlyList<CouponRow> rows, DbTransaction transaction) =>
        transaction.ExecuteEach(
            "insert into past_coupon (coupon, campaign, product) values (@Coupon, @Campaign, @Product) on conflict (coupon, campaign, product) do nothing", rows);
}
