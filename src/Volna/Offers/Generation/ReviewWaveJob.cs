using Volna.Offers.Choice;
using Volna.Offers.Pack;
using Volna.Offers.Plans;

namespace Volna.Offers.Generation;

/// <summary>What people decide about a wave: approve, reject, stop.</summary>
public static class ReviewWaveJob
{
    /// <summary>Approves a wave that another person made.</summary>
    /// <param name="despiteCorridors">True where the person has seen the broken corridors and wants the wave all the same.</param>
    /// <param name="dryRun">True to check everything and change nothing.</param>
    /// <exception cref="GuardException">It is the approver's own wave, a corridor is broken, or the wave isn't awaiting approval.</exception>
    public static void Approve(DataFolder folder, StateStore state, string waveId, string by, bool despiteCorridors, bool dryRun, TimeProvider time)
    {
        var waves = new WaveStore(state);
        var wave = waves.Get(waveId);
        Require(wave, WaveStatus.AwaitingApproval);
        if (string.Equals(wave.CreatedBy.Trim(), by.Trim(), StringComparison.OrdinalIgnoreCase))
            throw new GuardException("own-wave", new Text(
                $"wave {waveId}: {by.Trim()} made it, so another person must approve it (--by NAME).",
                $"волна {waveId}: её создал {by.Trim()}, поэтому согласовать должен другой человек (--by ИМЯ)."));

        var breaches = Breaches(waves, wave);
        if (breaches.Count > 0 && !despiteCorridors)
            throw new GuardException("corridors", new Text(
                $"wave {waveId}: outside its corridors ({string.Join("; ", breaches.Select(breach => breach.English))}); approve with --despite-corridors if that is wanted.",
                $"волна {waveId}: показатели вне коридоров ({string.Join("; ", breaches.Select(breach => breach.Russian))}); если так и задумано, согласуйте с --despite-corridors."));

        // What is approved is what was generated: the pack on disk is read once in full.
        using (var pack = OfferPackStore.Open(folder, waveId))
        {
            pack.VerifyDigest();
            if (pack.Digest != wave.Digest)
                throw new GuardException("pack-differs", new Text(
                    $"{folder.Pack(waveId)}: has the digest {pack.Digest}, but {wave.Digest} was generated; restore the file.",
                    $"{folder.Pack(waveId)}: контрольная сумма {pack.Digest}, а была сформирована {wave.Digest}; восстановите файл."));
        }

        if (dryRun) return;
        var note = new Text(
            $"despite corridors: {string.Join("; ", breaches.Select(breach => breach.English))}", $"несмотря на коридоры: {string.Join("; ", breaches.Select(breach => breach.Russian))}");
        waves.MoveApproved(waveId, by.Trim(), time.GetLocalNow(), breaches.Count == 0 ? "" : note.In(PlanFile.Parse($"wave {waveId}", wave.Plan).Language));
    }

    /// <summary>Says no to a wave before it is approved; what a broken-off generation left behind, gigabytes for millions of customers, is cleared away.</summary>
    /// <exception cref="GuardException">It is past approval, or a process is generating it now.</exception>
    public static void Reject(DataFolder folder, StateStore state, string waveId, string by, string note, bool dryRun, TimeProvider time)
    {
        var wave = new WaveStore(state).Get(waveId);
        Require(wave, WaveStatus.Draft, WaveStatus.Generating, WaveStatus.Generated, WaveStatus.AwaitingApproval);
        if (dryRun) return;
        var parts = new WavePartsStore(folder, wave);
        using (wave.Status == WaveStatus.Generating ? parts.Lock() : null) new WaveStore(state).Move(waveId, wave.Status, WaveStatus.Rejected, by, time.GetLocalNow(), note);
        parts.Clear();
    }

    /// <summary>Takes an approved or published wave back: its offers can't be redeemed any more.</summary>
    public static void Stop(StateStore state, string waveId, string by, string note, bool dryRun, TimeProvider time)
    {
        var wave = new WaveStore(state).Get(waveId);
        Require(wave, WaveStatus.Approved, WaveStatus.Published);
        if (!dryRun) new WaveStore(state).Move(waveId, wave.Status, WaveStatus.Stopped, by, time.GetLocalNow(), note);
    }

    /// <summary>The corridors that a generated wave is outside of.</summary>
    public static IReadOnlyList<Text> Breaches(WaveStore waves, Wave wave)
    {
        if (wave.Statistics is not { } statistics) return [];
        var plan = PlanFile.Parse($"wave {wave.Id}", wave.Plan);
        var earlier = waves.List()
            .Where(one => one.Validity.Start < wave.Validity.Start && one.Statistics is not null && one.Status is WaveStatus.Approved or WaveStatus.Published or WaveStatus.Closed or WaveStatus.Reported)
            .Where(one => PlanFile.ParseName(one.Plan) == plan.Name).Take(plan.Corridors.Learnt?.Waves + 1 ?? 1).Select(one => WaveStatistics.FromJson(one.Statistics!));
        return CorridorCheck.Breaches(plan.Corridors, WaveStatistics.FromJson(statistics), [.. earlier]);
    }

    internal static void Require(Wave wave, params ReadOnlySpan<WaveStatus> allowed)
    {
        if (allowed.Contains(wave.Status)) return;
        var names = allowed.ToArray();
        throw new GuardException("wave-status", new Text(
            $"wave {wave.Id}: is {wave.Status.Name().English}; this needs one that is {string.Join(" or ", names.Select(status => status.Name().English))}.",
            $"волна {wave.Id}: состояние «{wave.Status.Name().Russian}», а для этого действия нужно {string.Join(" или ", names.Select(status => $"«{status.Name().Russian}»"))}."));
    }
}
