using System.Globalization;
using Dapper;
using Volna.Intake.Catalog;
using Volna.Offers;

namespace Volna.Redemptions.Offline;

/// <summary>Uses of offers that had been used elsewhere already, each named.</summary>
public sealed class ExtraUseStore(StateStore state)
{
    /// <param name="wave">Null for all waves.</param>
    public IReadOnlyList<ExtraUseMessage> List(string? wave)
    {
        new RedemptionStore(state).CatchUp();
        using var connection = state.Connect();
        var rows = connection.Query<(string Wave, long Customer, long OfferIndex, string Receipt, string Store, string Day, long Discount, long Points, string FirstReceipt)>(
            """
            select extra.wave, extra.customer, extra.offer_index, extra.receipt, extra.store, extra.day, extra.discount_minor, extra.points_minor,
                   coalesce(first.receipt, '')
            from redemption extra
            left join redemption first on first.wave = extra.wave and first.customer = extra.customer and first.offer_index = extra.offer_index % 64
            where extra.offer_index >= 64 and (@wave is null or extra.wave = @wave)
            order by extra.wave, extra.customer, extra.offer_index
            """, new { wave }).AsList();
        var secret = SecretStore.Open(state.Folder);
        var customers = new CatalogStore(state).Contacts([.. rows.Select(row => new CustomerId((int)row.Customer))]);
        return [.. rows.Select((row, i) => new ExtraUseMessage(
            row.Wave, customers[i].Key, OfferCode.Of(secret, row.Wave, new CustomerId((int)row.Customer), ExtraUse.Offer((int)row.OfferIndex)), row.Receipt, row.Store,
            DateOnly.ParseExact(row.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture), row.Discount, row.Points, row.FirstReceipt))];
    }
}
