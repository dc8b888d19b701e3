using Dapper;
using Volna.Intake.Files;
using Volna.Intake.History;
using Volna.Intake.Import;
using Volna.Tests.Intake.Import;

namespace Volna.Tests.Intake.PastCampaigns;

public sealed class PastCampaignsTests : IDisposable
{
    readonly ImportScene _scene = new();

    public void Dispose() => _scene.Dispose();

    long Count(string table)
    {
        using var connection = _scene.State.Connect();
        return connection.ExecuteScalar<long>($"select count(*) from {table}");
    }

    [Fact]
    public void A_redemption_must_link_to_its_campaign_coupon_and_customer()
    {
        _scene.Import(
            _scene.Write("campaigns.csv", "campaign,from,to\nA,2026-09-01,2026-09-30\nB,2026-10-01,2026-10-31\n"),
            _scene.Write("campaign-customers.csv", "campaign,customer\nA,C1\nB,C1\nB,C2\n"),
            _scene.Write("coupons.csv", "coupon,product,campaign\nK,P1,A\nK,P2,A\nL,P1,B\n"));
        const string Cases = """
            row                   reason
            C1,K,A,2026-09-02     -
            C1,K,X,2026-09-02     unknown-campaign
            C1,L,A,2026-09-02     unknown-coupon
            C2,K,A,2026-09-02     not-in-campaign
            C9,K,A,2026-09-02     unknown-customer
            C1,K,A,2026-11-27     future-date
            C2,L,B,2026-10-02     -
            """;
        var lines = Cases.Split('\n').Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();

        var result = _scene.ImportOne(_scene.Write("redemptions.csv", "customer,coupon,campaign,day\n" + string.Join('\n', lines.Select(line => line[0]))));

        Assert.Equal(lines.Select(line => line[1]).Where(reason => reason != "-"), ImportScene.Rejects(result).Select(reject => reject.Reason));
        Assert.Equal((2, 2), (result.Stored, Count("past_redemption")));
    }

    [Theory]
    [InlineData("campaign-customers.csv", "campaign,customer\nX,C1\n")]
    [InlineData("coupons.csv", "coupon,product,campaign\nK,P1,X\n")]
    public void Customers_and_coupons_of_unknown_campaigns_are_rejected(string file, string content) =>
        Assert.Equal(1, _scene.ImportOne(_scene.Write(file, content)).Rejected[RejectReason.UnknownCampaign]);

    [Fact]
    public void The_Complete_Journey_comes_in_and_links_as_its_description_says()
    {
        var folder = SharedData.Folder("completejourney");
        var mapping = Mapping.Parse(File.ReadAllText(Path.Combine(SharedData.Repository, "samples/complete-journey.json")), "complete-journey.json");
        string[] names = ["products", "campaign_descriptions", "campaigns", "coupons", "coupon_redemptions", "transactions_sample"];

        var result = _scene.Import(
            new ImportRequest([.. names.Select(name => Path.Combine(folder, name + ".csv.gz"))]) { Mapping = mapping });

        var stored = result.Files.ToDictionary(file => file.Kind, file => (file.RowsRead, file.Stored));
        Assert.Equal((92_331, 92_331), stored["products"]);
        Assert.Equal((27, 27), stored["campaigns"]);
        Assert.Equal((6_589, 6_589), stored["campaign-customers"]);
        Assert.Equal((116_204, 116_204), stored["coupons"]);
        Assert.Equal((2_102, 2_102), stored["redemptions"]);
        Assert.Equal((27, 6_589, 111_332, 2_102), (Count("past_campaign"), Count("past_campaign_customer"), Count("past_coupon"), Count("past_redemption")));

        // 222 rows of receipts (0.3 %) name a product that isn't in the product file; all but one of them are among the rows of zero pieces.
        var receipts = Assert.Single(result.Files, file => file.Kind == "receipts");
        Assert.Equal((75_000, 74_584, 416), (receipts.RowsRead, receipts.Stored, receipts.Rejected[RejectReason.ZeroQuantity]));
        using var connection = _scene.State.Connect();
        var unknown = connection.Query<int>("select number from product where category = 0").ToHashSet();
        Assert.Equal(6, unknown.Count);
        using var history = HistoryStore.Open(_scene.Data, _scene.State);
        var snapshot = history.Snapshot();
        var unlinked = 0;
        for (var shard = 0; shard < HistoryStore.Shards; shard++)
            foreach (var customer in history.ReadShard(snapshot, shard))
                foreach (var line in customer.Lines)
                    if (unknown.Contains(line.Product))
                        unlinked++;
        Assert.Equal(1, unlinked);
    }
}
