using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Offers.Pack;

namespace Volna.Publishing;

/// <summary>
/// Keeps the live days at hand. Which waves are live is read from the state database, whose change counter is looked at every few milliseconds, so a
/// publication or a stop by any process counts at once for people and costs a call nothing. A large pack is opened and checked beside, while calls
/// go on with what was live. Prices and promotions older than <see cref="CatalogAge"/> are loaded anew by one caller; the others go on with the
/// old ones meanwhile.
/// </summary>
public sealed class LiveDayStore(DataFolder folder, StateStore state, TimeProvider time) : IDisposable
{
    static readonly TimeSpan CatalogAge = TimeSpan.FromMinutes(1);
    static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    // Small packs are open by then, so that who publishes one and asks finds it.
    static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    // To find out that a large pack is damaged takes as long as to read it.
    static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(5);

    // Late receipts come from a few days back; a replay of months asks day after day.
    const int MostDays = 16;

    // Held for a look at what changed. One caller at a time loads a day, under the other lock.
    readonly Lock _looking = new();
    readonly Lock _loading = new();
    readonly SqliteConnection _watch = state.Connect();
    readonly ConcurrentDictionary<DateOnly, Entry> _days = [];

    // A pack is never changed nor closed while the till is open: readers may still be in it after a switch.
    readonly ConcurrentDictionary<(string Wave, string Digest), Lazy<OfferPackStore>> _packs = [];
    readonly ConcurrentDictionary<(string Wave, string Digest), (DateTimeOffset At, BadInputException Why)> _unreadable = [];
    long _lookedAt, _databaseVersion, _version;
    bool _looked;

    /// <param name="SeenVersion">The last version at which these were found to be the live waves.</param>
    sealed record Entry(LiveDay Day, string Waves, DateTimeOffset LoadedAt, long SeenVersion);

    /// <summary>The day of a receipt, by the clock of its store.</summary>
    public LiveDay For(string store, DateTimeOffset moment)
    {
        var tillDay = On(DateOnly.FromDateTime(moment.DateTime));
        var businessDay = tillDay.BusinessDay(store, moment);
        return businessDay == tillDay.Day ? tillDay : On(businessDay);
    }

    /// <summary>A day by date.</summary>
    /// <exception cref="BadInputException">Code <c>day-impossible</c>: of another age.</exception>
    /// <exception cref="OffersUnavailableException">A wave of that day can't be read.</exception>
    public LiveDay On(DateOnly day)
    {
        if (day.Year is < 2000 or > 2200)
            throw new BadInputException("day-impossible", new Text($"the day {day:yyyy-MM-dd} isn't between the years 2000 and 2200.", $"день {day:yyyy-MM-dd} вне 2000–2200 годов."));
        var version = Version();
        if (_days.TryGetValue(day, out var known))
        {
            if (known.SeenVersion != version) known = Followed(known, version);
            if (IsFresh(known) || !_loading.TryEnter()) return known.Day;
        }
        else _loading.Enter();

        try
        {
            return _days.TryGetValue(day, out known) && IsFresh(known) ? known.Day : Load(day, version);
        }
        finally
        {
            _loading.Exit();
        }
    }

    public void Dispose()
    {
        _watch.Dispose();
        foreach (var pack in _packs.Values) pack.Value.Dispose();
    }

    /// <summary>A wave's pack, checked when it is first asked for; stays open as long as this.</summary>
    /// <exception cref="OffersUnavailableException">It is missing, damaged, or another one.</exception>
    public OfferPackStore Pack(Wave wave)
    {
        CheckReadable(wave);
        var pack = _packs.GetOrAdd(Key(wave), _ => new Lazy<OfferPackStore>(() => OfferPackStore.Open(folder, wave)));
        try
        {
            return pack.Value;
        }
        catch (BadInputException unreadable)
        {
            // Looked for again after a while: it may have been put back.
            _unreadable[Key(wave)] = (time.GetUtcNow(), unreadable);
            _packs.TryRemove(new(Key(wave), pack));
            throw new OffersUnavailableException(wave.Id, unreadable);
        }
    }

    void CheckReadable(Wave wave)
    {
        if (_unreadable.TryGetValue(Key(wave), out var failed) && time.GetUtcNow() - failed.At < BetweenTries) throw new OffersUnavailableException(wave.Id, failed.Why);
    }

    bool IsFresh(Entry entry) => time.GetUtcNow() - entry.LoadedAt < CatalogAge;

    /// <summary>Grows when the database was changed or a pack was opened.</summary>
    long Version()
    {
        if (_looked && time.GetElapsedTime(Interlocked.Read(ref _lookedAt)) < BetweenLooks) return Interlocked.Read(ref _version);
        lock (_looking)
        {
            if (_looked && time.GetElapsedTime(_lookedAt) < BetweenLooks) return _version;
            using var statement = Prepared();
            var found = raw.sqlite3_step(statement) == raw.SQLITE_ROW ? raw.sqlite3_column_int64(statement, 0) : throw new InvalidOperationException(raw.sqlite3_errmsg(_watch.Handle).utf8_to_string());
            if (found != _databaseVersion) Interlocked.Increment(ref _version);
            _databaseVersion = found;
            Interlocked.Exchange(ref _lookedAt, time.GetTimestamp());
            _looked = true;
            return _version;
        }
    }

    sqlite3_stmt Prepared() => raw.sqlite3_prepare_v2(_watch.Handle, "pragma data_version", out var statement) == raw.SQLITE_OK
        ? statement
        : throw new InvalidOperationException(raw.sqlite3_errmsg(_watch.Handle).utf8_to_string());

    /// <summary>The day with the waves that are live by now.</summary>
    Entry Followed(Entry known, long version)
    {
        var waves = new WaveStore(state).PublishedOn(known.Day.Day);
        Wave[] unopened = [.. waves.Where(wave => !(_packs.TryGetValue(Key(wave), out var pack) && pack.IsValueCreated))];
        if (unopened.Length > 0)
        {
            foreach (var wave in unopened) CheckReadable(wave);
            var isFirst = unopened.Any(wave => !_packs.ContainsKey(Key(wave)));
            var opening = isFirst ? Task.Factory.StartNew(() => Open(unopened), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default) : null;
            if (opening is not null && Task.WaitAny([opening], LongestWait) == 0) unopened = [];
        }

        var live = waves.Except(unopened).ToArray();
        var followed = Names(live) == known.Waves
            ? known with { SeenVersion = version }
            : known with { Day = new LiveDay(known.Day.Day, known.Day.Catalog, [.. live.Select(Pack)]), Waves = Names(live), SeenVersion = version };
        // If another caller was faster, its entry is as good.
        return _days.TryUpdate(known.Day.Day, followed, known) ? followed : _days.GetValueOrDefault(known.Day.Day, followed);
    }

    void Open(Wave[] waves)
    {
        // A thread of its own: reading a whole pack takes a while, and calls go on meanwhile.
        Background.StandBack(Background.Soon);
        try
        {
            foreach (var wave in waves) Pack(wave);
        }
        catch (OffersUnavailableException)
        {
            // Remembered for those who ask.
        }
        finally
        {
            // The next call looks again, and learns what is wrong with a pack that can't be opened.
            Interlocked.Increment(ref _version);
        }
    }

    /// <param name="version">Of the database before the load: what changes meanwhile is looked at by the next call.</param>
    LiveDay Load(DateOnly day, long version)
    {
        var loadedAt = time.GetUtcNow();
        var waves = new WaveStore(state).PublishedOn(day);
        OfferPackStore[] packs = [.. waves.Select(Pack)];
        var live = new LiveDay(day, new CatalogStore(state).LoadGoodsAndStores(day), packs);
        // The farthest from today: nobody may ever have to wait for today itself.
        var today = DateOnly.FromDateTime(time.GetLocalNow().DateTime).DayNumber;
        if (_days.Count >= MostDays && !_days.ContainsKey(day)) _days.TryRemove(_days.Keys.MaxBy(one => Math.Abs(one.DayNumber - today)), out _);
        _days[day] = new Entry(live, Names(waves), loadedAt, version);
        return live;
    }

    static (string Wave, string Digest) Key(Wave wave) => (wave.Id, wave.Digest ?? "");

    static string Names(IEnumerable<Wave> waves) => string.Join('|', waves.Select(wave => $"{wave.Id} {wave.Digest}"));
}
