using System.Globalization;
using Dapper;

namespace Volna.Publishing.Scheduled;

/// <summary>The waves that were due, in the state database.</summary>
public sealed class ScheduledWaveStore(StateStore state)
{
    const string DayFormat = "yyyy-MM-dd";

    /// <summary>When a plan's schedule was first seen: now, if it wasn't yet.</summary>
    internal DateTimeOffset Since(string plan, DateTimeOffset now)
    {
        using var connection = state.Connect();
        connection.Execute("insert into schedule (plan, since) values (@plan, @now) on conflict (plan) do nothing", new { plan, now = now.ToString("O", CultureInfo.InvariantCulture) });
        return DateTimeOffset.ParseExact(connection.ExecuteScalar<string>("select since from schedule where plan = @plan", new { plan })!, "O", CultureInfo.InvariantCulture);
    }

    /// <summary>Keeps a wave that nothing was known of.</summary>
    /// <returns>False if another process was first.</returns>
    internal bool Add(ScheduledWave wave, DateTimeOffset now)
    {
        using var connection = state.Connect();
        return connection.Execute(
            "insert into scheduled_wave (plan, day, state, wave, at, note_en, note_ru) values (@plan, @day, @state, @wave, @at, @noteEn, @noteRu) on conflict (plan, day) do nothing", Values(wave, now)) > 0;
    }

    internal void Change(ScheduledWave wave, DateTimeOffset now)
    {
        using var connection = state.Connect();
        connection.Execute("update scheduled_wave set state = @state, wave = @wave, at = @at, note_en = @noteEn, note_ru = @noteRu where plan = @plan and day = @day", Values(wave, now));
    }

    /// <summary>The latest days first.</summary>
    /// <param name="plan">Null for all plans.</param>
    public IReadOnlyList<ScheduledWave> List(string? plan = null)
    {
        using var connection = state.Connect();
        return [.. connection
            .Query<(string Plan, string Day, long State, string Wave, string NoteEn, string NoteRu)>(
                "select plan, day, state, wave, note_en, note_ru from scheduled_wave where @plan is null or plan = @plan order by day desc, plan", new { plan })
            .Select(row => new ScheduledWave(row.Plan, DateOnly.ParseExact(row.Day, DayFormat, CultureInfo.InvariantCulture), (ScheduledState)row.State, row.Wave, new Text(row.NoteEn, row.NoteRu)))];
    }

    static object Values(ScheduledWave wave, DateTimeOffset now) => new
    {
        plan = wave.Plan,
        day = wave.Day.ToString(DayFormat, CultureInfo.InvariantCulture),
        state = (int)wave.State,
        wave = wave.Wave,
        at = now.ToString("O", CultureInfo.InvariantCulture),
        noteEn = wave.Note.English,
        noteRu = wave.Note.Russian,
    };
}
