using System.Data.Common;
using Dapper;
using Volna.Intake.Files;

namespace Volna.Intake.Letters;

/// <summary>Keeps what is known of letters: some twenty bytes each.</summary>
public sealed class LetterStore(StateStore state)
{
    /// <summary>From now on the letters of a wave may be reported on.</summary>
    public void Expect(string wave)
    {
        using var connection = state.Connect();
        connection.Execute("insert into letter_wave (wave) values (@wave) on conflict (wave) do nothing", new { wave });
    }

    /// <summary>What became of a wave's letters; null where nothing was reported.</summary>
    public LetterFigures? Figures(string wave)
    {
        using var connection = state.Connect();
        var figures = connection.QuerySingle<LetterFigures>(
            """
            select count(*) Reported, count(delivered) Delivered, coalesce(sum(bounced), 0) Bounced,
              coalesce(sum(opened > coalesce(delivered + @MachineMinutes, 0)), 0) Opened, coalesce(sum(opened <= delivered + @MachineMinutes), 0) OpenedByMachines,
              coalesce(sum(clicked > coalesce(delivered + @MachineMinutes, 0)), 0) Clicked, coalesce(sum(clicked <= delivered + @MachineMinutes), 0) ClickedByMachines,
              coalesce(sum(unsubscribed), 0) Unsubscribed, coalesce(sum(complained), 0) Complained
            from letter where wave = (select number from letter_wave where wave = @wave)
            """, new { wave, LetterFigures.MachineMinutes });
        return figures.Reported == 0 ? null : figures;
    }

    /// <summary>Waves whose letters may be reported on, with their numbers here.</summary>
    internal static IReadOnlyDictionary<string, int> Waves(StateStore state)
    {
        using var connection = state.Connect();
        return connection.Query<(string Wave, int Number)>("select wave, number from letter_wave").ToDictionary(row => row.Wave, row => row.Number);
    }

    internal static void Save(IReadOnlyList<EventRow> rows, DbTransaction transaction)
    {
        transaction.ExecuteEach(
            """
            insert into letter (wave, customer, delivered, opened, clicked, bounced, unsubscribed, complained)
            values (@Wave, @Customer, @Delivered, @Opened, @Clicked, @Bounced, @Unsubscribed, @Complained)
            on conflict (wave, customer) do update set
              delivered = coalesce(min(delivered, excluded.delivered), delivered, excluded.delivered),
              opened = coalesce(max(opened, excluded.opened), opened, excluded.opened),
              clicked = coalesce(max(clicked, excluded.clicked), clicked, excluded.clicked),
              bounced = max(bounced, excluded.bounced),
              unsubscribed = max(unsubscribed, excluded.unsubscribed),
              complained = max(complained, excluded.complained)
            """,
            rows.Where(row => row.Wave > 0));

        // What is known of a later day stays, so that a file read again closes no address that came since. Only one address
        // of a customer is kept as dead, and rather the present one than another.
        transaction.ExecuteEach(
            """
            update customer set dead_email = case when @Email = '' then email else @Email end, dead_day = @Day
            where number = @Customer and case
              when @Email <> '' and (@Email = email collate nocase) <> (dead_email is email collate nocase) then @Email = email collate nocase
              else coalesce(dead_day, '') < @Day end
            """,
            rows.Where(row => row.Bounced));
        transaction.ExecuteEach(
            "update customer set left_day = @Day where number = @Customer and coalesce(left_day, '') < @Day",
            rows.Where(row => row.Unsubscribed || row.Complained));
    }
}
