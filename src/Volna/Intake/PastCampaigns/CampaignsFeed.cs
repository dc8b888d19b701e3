using System.Data.Common;
using Volna.Intake.Files;
using Volna.Intake.Reference;

namespace Volna.Intake.PastCampaigns;

/// <summary>Files of campaigns that another system ran. A row for a campaign that is there already replaces it.</summary>
static class CampaignsFeed
{
    static readonly Column Campaign = new(0, "campaign", ColumnType.Key,
        new("The campaign", "Кампания"), "2026-09-dairy")
    { Required = true };

    static readonly Column Type = new(1, "type", ColumnType.Text,
        new("Its type, in the retailer's words", "Вид кампании словами сети"), "coupons by mail");

    static readonly Column From = new(2, "from", ColumnType.Date,
        new("First day", "Первый день"), "2026-09-14")
    { Required = true };

    static readonly Column To = new(3, "to", ColumnType.Date,
        new("Last day, included", "Последний день включительно"), "2026-10-04")
    { Required = true };

    public static readonly FileKind Kind = new(
        new FileFormat("campaigns", new("Past campaigns of other systems", "Прошлые кампании других систем"), Campaign, Type, From, To)
        {
            Storing = new("Rows add to what is known; a row for the same campaign replaces the earlier one.",
                "Строки добавляются к известным; строка о той же кампании заменяет прежнюю."),
        },
        (_, _) => new RowTaker<CampaignRow>(Read, Save));

    sealed record CampaignRow(string Key, string Type, string StartDay, string EndDay);

    static CampaignRow? Read(Row row)
    {
        var period = ReferencePeriod.Read(row, From, To);
        return new CampaignRow(System.Text.Encoding.UTF8.GetString(row.Key(Campaign)), row.Text(Type), period.Start.Iso(), period.End.Iso());
    }

    static void Save(IReadOnlyList<CampaignRow> rows, DbTransaction transaction) =>
        transaction.ExecuteEach(
            """
            insert into past_campaign (key, type, start_day, end_day) values (@Key, @Type, @StartDay, @EndDay)
            on conflict (key) do update set type = excluded.type, start_day = excluded.start_day, end_day = excluded.end_day
            """,
            rows);
}
