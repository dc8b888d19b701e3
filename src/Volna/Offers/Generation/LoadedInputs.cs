using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning;
using Volna.Offers.Choice;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Offers.Response;

namespace Volna.Offers.Generation;

/// <summary>A wave's inputs with the files that they hold open.</summary>
sealed class LoadedInputs : IDisposable
{
    readonly List<OfferPackStore> _earlier = [];

    public required WaveInputs Inputs { get; init; }

    public required Snapshot Snapshot { get; init; }

    /// <summary>Customers in the data; <see cref="WaveInputs.Profiles"/> may hold a sample of them only.</summary>
    public required long Customers { get; init; }

    /// <param name="sample">About so many customers, the same ones each time; null for all.</param>
    /// <param name="only">One customer alone; null for all.</param>
    /// <exception cref="GuardException">The data have changed since the wave was made.</exception>
    public static LoadedInputs Load(DataFolder folder, StateStore state, Wave wave, HistoryStore history, int? sample = null, CustomerId? only = null)
    {
        var catalogs = new CatalogStore(state);
        var customers = catalogs.CountCustomers();
        // Millions of customers and millions of shelves, each of them read by one thread.
        var reading = Task.Run(() => only is { } one ? catalogs.LoadProfile(one) : catalogs.LoadProfiles(sample is { } count && count < customers ? (double)count / customers : 1));
        var catalog = catalogs.Load(wave.Validity.Start);
        var profiles = reading.GetAwaiter().GetResult();

        // Compared last, so that an import in between is noticed: a snapshot, once past, never comes back.
        var snapshot = history.Snapshot();
        if (snapshot.Id != wave.SnapshotId)
            throw new GuardException("snapshot-changed", new Text(
                $"wave {wave.Id}: was made for the data snapshot {wave.SnapshotId}, but the folder holds {snapshot.Id} now; make a new wave for the new data.",
                $"волна {wave.Id}: создана для снимка данных {wave.SnapshotId}, а в папке теперь {snapshot.Id}; создайте новую волну для новых данных."));

        return Load(folder, state, wave, history, snapshot, catalog, profiles, customers, sample is not null);
    }

    /// <summary>The inputs of a wave of the past, for some of its customers, from what is known today of the days before it.</summary>
    /// <param name="catalog">As it holds on the wave's first day.</param>
    /// <param name="among">Numbers of these customers.</param>
    public static LoadedInputs LoadPast(DataFolder folder, StateStore state, Wave wave, HistoryStore history, Snapshot snapshot, Catalog catalog, IReadOnlySet<int> among)
    {
        // What became of the waves' own letters, which only the treated got, must not decide who is decided on.
        var profiles = new CatalogStore(state).LoadProfiles(asFiled: true);
        for (var number = 0; number < profiles.Length; number++)
            if (!among.Contains(number))
                profiles[number] = default;
        return Load(folder, state, wave, history, snapshot, catalog, profiles, profiles.Length, filter: true);
    }

    static LoadedInputs Load(DataFolder folder, StateStore state, Wave wave, HistoryStore history, Snapshot snapshot, Catalog catalog, CustomerProfile[] profiles, long customers, bool filter)
    {
        var plan = LearntOdds.Apply(wave.Response, PlanFile.Parse($"wave {wave.Id}", wave.Plan));
        var model = new ModelStore(folder).Load(wave.ModelVersion!);
        var late = history.Since(snapshot, model.Day);
        var earlier = new List<OfferPackStore>();
        var waves = new WaveStore(state);
        var latest = wave.Earlier.IsEmpty ? null : waves.Get(wave.Earlier[0]).Statistics;
        var loaded = new LoadedInputs
        {
            Snapshot = snapshot,
            Customers = customers,
            Inputs = new WaveInputs(
                wave, plan, catalog, profiles, HistoryStore.Shards, (shard, wanted) => history.ReadShard(snapshot, shard, !filter ? wanted : customer => profiles[customer].Id.Value != 0 && wanted?.Invoke(customer) != false),
                model.WindowDays, model.Score, model.LatestSales(), shard => history.ReadShard(late, shard), earlier)
            {
                EarlierChannels = plan.ChannelContacts.IsEmpty ? [] : [.. wave.Earlier.Select(id => PlanFile.Parse($"wave {id}", waves.Get(id).Plan).Channels)],
                Portraits = plan.UsesPortraits ? new ModelStore(folder).ReadCard(wave.ModelVersion!).Portraits : null,
                LatestLimits = latest is null ? [] : WaveStatistics.FromJson(latest).Limits,
            },
        };
        try
        {
            foreach (var id in wave.Earlier)
            {
                earlier.Add(OfferPackStore.Open(folder, id));
                loaded._earlier.Add(earlier[^1]);
            }

            return loaded;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    public void Dispose() => _earlier.ForEach(pack => pack.Dispose());
}
