using Dapper;

namespace Volna.Intake.PastCampaigns;

/// <summary>What a redemption must link to.</summary>
sealed record PastCampaignLinks(
    IReadOnlySet<string> Campaigns, IReadOnlySet<(string Coupon, string Campaign)> Coupons, IReadOnlySet<(string Campaign, int Customer)> Customers);

/// <summary>Reads the past campaigns of other systems.</summary>
static class PastCampaignStore
{
    public static IReadOnlySet<string> Campaigns(StateStore state)
    {
        using var connection = state.Connect();
        return connection.Query<string>("select key from past_campaign").ToHashSet();
    }

    public static PastCampaignLinks Links(StateStore state)
    {
        using var connection = state.Connect();
        return new PastCampaignLinks(
            connection.Query<string>("select key from past_campaign").ToHashSet(),
            connection.Query<(string, string)>("select distinct coupon, campaign from past_coupon").ToHashSet(),
            connection.Query<(string, int)>("select campaign, customer from past_campaign_customer").ToHashSet());
    }
}
