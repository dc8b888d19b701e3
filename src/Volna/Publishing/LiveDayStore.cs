using Dapper;
using Microsoft.Data.Sqlite;
using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Offers.Pack;

namespace Volna.Publishing;

/// <summary>
/// Keeps the live days at hand. Which waves are live is read from the state database, whose change counter is looked at on each call, so a
/// publication or a stop by any process counts from the next receipt on. Prices and promotions older than <see cref="CatalogAge"/> are loaded anew
/// by one caller; the others go on with the old ones meanwhile.
/// </summary>
public sealed class LiveDayStore(DataFolder folder, StateStore state, TimeProvider time) : IDisposable
{
    static readonly TimeSpan CatalogAge = TimeSpan.FromMinutes(1);

    // Late receipts come from a few days back; a replay of months asks day after day.
    const int MostDays = 16;

    // Held for a look at what is there. One caller at a time loads, under the other lock, which also keeps the packs.
    readonly Lock _lock = new();
    readonly Lock _loading = new();
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
        var (known, _) = Look(day);
        if (known is not null && IsFresh(known)) return known.Day;
        if (known is null) _loading.Enter();
        else if (!_loading.TryEnter()) return known.Day;
        try
        {
            (known, var version) = Look(day);
            return known is not null && IsFresh(known) ? known.Day : Load(day, version);
        }
        finally
        {
            _loading.Exit();
        }
    }

    public void Dispose()
    {
        _watch.Dispose();
        foreach (var pack in _packs.Values) pack.Dispose();
    }

    /// <summary>A wave's pack, checked when it is first asked for; stays open as long as this.</summary>
    /// <exception cref="BadInputException">It is missing, damaged, or another one.</exception>
    public OfferPackStore Pack(Wave wave)
    {
        lock (_loading)
        {
            var key = (wave.Id, wave.Digest ?? "");
            if (_packs.TryGetValue(key, out var pack)) return pack;
            return _packs[key] = OfferPackStore.Open(folder, wave);
        }
    }

    bool IsFresh(Entry entry) => time.GetUtcNow() - entry.LoadedAt < CatalogAge;

    /// <summary>What is kept of a day, null where nothing is or other waves are live by now; and the database's change counter.</summary>
    (Entry? Known, long Version) Look(DateOnly day)
    {
        lock (_lock)
        {
            var version = _watch.ExecuteScalar<long>("pragma data_version");
            if (!_days.TryGetValue(day, out var known)) return (null, version);
            if (known.SeenVersion != version)
            {
                if (known.Waves != Names(new WaveStore(state).PublishedOn(day))) return (null, version);
                known.SeenVersion = version;
            }

            return (known, version);
        }
    }

    /// <param name="version">Of the database before the load: what changes meanwhile is looked at by the next call.</param>
    LiveDay Load(DateOnly day, long version)
    {
        var loadedAt = time.GetUtcNow();
        var waves = new WaveStore(state).PublishedOn(day);
        var live = new LiveDay(day, new CatalogStore(state).LoadForTill(day), [.. waves.Select(Pack)]);
        lock (_lock)
        {
            if (_days.Count >= MostDays && !_days.ContainsKey(day)) _days.Remove(_days.MinBy(entry => entry.Value.LoadedAt).Key);
            _days[day] = new Entry(live, Names(waves), loadedAt) { SeenVersion = version };
        }

        return live;
    }

    static string Names(IEnumerable<Wave> waves) => string.Join('|', waves.Select(wave => $"{wave.Id} {wave.Digest}"));

}
