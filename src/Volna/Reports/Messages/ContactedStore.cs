using System.IO;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Offers.Plans;

namespace Volna.Reports.Messages;

/// <summary>Reads from the waves' packs who was sent messages, and who was held out.</summary>
static class ContactedStore
{
    /// <param name="compared">Published waves that are over.</param>
    /// <param name="customers">Numbers there are.</param>
    /// <returns>Those that hold out customers and whose packs, and those of the waves before, are still there.</returns>
    public static IReadOnlyList<ContactedWave> Load(DataFolder folder, StateStore state, IReadOnlyList<Wave> compared, int customers, CancellationToken stop)
    {
        var store = new WaveStore(state);

        // Also those stopped since: their messages were sent.
        var sent = store.List().Where(wave => store.Events(wave.Id).Any(step => step.To == WaveStatus.Published)).ToList();
        var parts = new Dictionary<string, WavePart[]?>();
        var waves = new List<ContactedWave>();
        foreach (var wave in compared.OrderBy(wave => wave.Validity.Start))
        {
            var share = PlanFile.Parse($"{wave.Id}/plan", wave.Plan).HoldoutShare;
            if (share == 0) continue;
            var published = ReportJob.Published(store, wave.Id).Published;
            var end = published < wave.Validity.Start ? published : wave.Validity.Start;
            var own = PartsOf(wave);
            var earlier = sent.Where(one => one.Validity.Start < wave.Validity.Start && one.Validity.Start >= wave.Validity.Start.AddDays(-ContactedWave.DaysBefore)).Select(PartsOf).ToList();
            if (own is not null && !earlier.Contains(null)) waves.Add(new ContactedWave(wave.Validity, new Period(end.AddDays(-ContactedWave.DaysBefore), end), share, own, earlier!));
        }

        return waves;

        WavePart[]? PartsOf(Wave wave)
        {
            if (parts.TryGetValue(wave.Id, out var known)) return known;
            var read = File.Exists(folder.Pack(wave.Id)) ? Read(wave) : null;
            parts.Add(wave.Id, read);
            return read;
        }

        WavePart[] Read(Wave wave)
        {
            stop.ThrowIfCancellationRequested();
            using var pack = OfferPackStore.Open(folder, wave.Id);
            var read = new WavePart[customers];
            foreach (var customer in pack.All())
                read[customer.Customer.Value] = WavePart.Assigned | (customer.HeldOut ? WavePart.HeldOut : WavePart.None) | (customer.Offers > 0 ? WavePart.Sent : WavePart.None);
            return read;
        }
    }
}
