using Dapper;
using Microsoft.Data.Sqlite;
using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Offers.Pack;

namespace Volna.Publishing;

/// <summary>
/// Keeps the live days at hand. Which waves are live is read from the state database, whose change counter is looked at on each call, so a
/// publication or a stop by any process counts from the next receipt on. Prices and promotions are at most <see cref="CatalogAge"/> old.
/// </summary>
public sealed class LiveDayStore(DataFolder folder, StateStore state, TimeProvider time) : IDisposable
{
    static readonly TimeSpan CatalogAge = TimeSpan.FromMinutes(1);

    // Late receipts come from a few days back; a replay of months asks day after day.
    const int MostDays = 16;

    readonly Lock _lock = new();
    readonly SqliteConnection _watch = state.Connect();
    readonly Dictionary<DateOnly, Entry> _days = [];

    // A pack is never changed nor closed while the till is open: readers may still be in it after a switch.
    readonly Dictionary<(string Wave, string Digest), OfferPackStore> _packs = [];

    sealed record Entry(LiveDay Day, string Waves, DateTimeOffset LoadedAt)
    {
        public long SeenVersion { get; set; }
    }

    /// <summary>The day of a receipt, by the clock of its store.</summary>
    public LiveDay For(string store, DateTimeOffset moment)
    {
        var tillDay = On(DateOnly.FromDateTime(moment.DateTime));
        var businessDay = tillDay.BusinessDay(store, moment);
        return businessDay == tillDay.Day ? tillDay : On(businessDay);
    }

    /// <summary>A day by date.</summary>
    public LiveDay On(DateOnly day)
    {
        lock (_lock)
        {
            var version = _watch.ExecuteScalar<long>("pragma data_version");
            var known = _days.GetValueOrDefault(day);
            var fresh = known is not null && time.GetUtcNow() - known.LoadedAt < CatalogAge;
            if (fresh && known!.SeenVersion == version) return known.Day;

            var waves = new WaveStore(state).PublishedOn(day);
            var names = string.Join('|', waves.Select(wave => $"{wave.Id} {wave.Digest}"));
            if (!fresh || known!.Waves != names)
            {
                if (_days.Count >= MostDays) _days.Remove(_days.MinBy(entry => entry.Value.LoadedAt).Key);
                known = new Entry(new LiveDay(day, new CatalogStore(state).Load(day), [.. waves.Select(Pack)]), names, time.GetUtcNow());
                _days[day] = known;
            }

            known.SeenVersion = version;
            return known.Day;
        }
    }

    public void Dispose()
    {
        _watch.Dispose();
        foreach (var pack in _packs.Values) pack.Dispose();
    }

    OfferPackStore Pack(Wave wave)
    {
        var key = (wave.Id, wave.Digest ?? "");
        if (_packs.TryGetValue(key, out var pack)) return pack;
        return _packs[key] = OfferPackStore.Open(folder, wave);
    }
}
