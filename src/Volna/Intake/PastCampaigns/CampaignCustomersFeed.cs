using System.Data.Common;
using Volna.Intake.Files;

namespace Volna.Intake.PastCampaigns;

/// <summary>Files of who was in past campaigns. Rows add up; a repeated one changes nothing.</summary>
static class CampaignCustomersFeed
{
    static readonly Column Campaign = new(0, "campaign", ColumnType.Key,
        new("The campaign; must be known", "Кампания; должна быть известна"), "2026-09-dairy")
    { Required = true };

    static readonly Column Customer = new(1, "customer", ColumnType.Key,
        new("A customer who was in it; one who isn't known yet is added", "Покупатель, участвовавший в ней; неизвестный добавляется"), "1234567")
    { Required = true };

    public static readonly FileKind Kind = new(
        new FileFormat("campaign-customers", new("Customers of past campaigns", "Покупатели прошлых кампаний"), Campaign, Customer)
        {
            Storing = new("Rows add to what is known; a repeated one changes nothing.",
                "Строки добавляются к известным; повтор ничего не меняет."),
        },
        (_, context) =>
        {
            var campaigns = PastCampaignStore.Campaigns(context.State);
            return new RowTaker<MemberRow>(row => Read(row, context, campaigns), Save);
        });

    sealed record MemberRow(string Campaign, int Customer);

    static MemberRow? Read(Row row, FileContext context, IReadOnlySet<string> campaigns)
    {
        var campaign = System.Text.Encoding.UTF8.GetString(row.Key(Campaign));
        if (!campaigns.Contains(campaign)) row.Reject(RejectReason.UnknownCampaign, Campaign);
        var customer = row.Key(Customer);
        return row.IsRejected ? null : new MemberRow(campaign, context.Keys.Customers.NumberOf(customer));
    }

    static void Save(IReadOnlyList<MemberRow> rows, DbTransaction transaction) =>
        transaction.ExecuteEach(
            "insert into past_campaign_customer (campaign, customer) values (@Campaign, @Customer) on conflict (campaign, customer) do nothing", rows);
}
