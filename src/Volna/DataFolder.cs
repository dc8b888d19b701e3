namespace Volna;

/// <summary>Where things lie in a data folder (<c>volna-data</c>): only names, nothing is read or written here.</summary>
/// <param name="Root">The folder's path.</param>
public sealed record DataFolder(string Root)
{
    /// <summary>Connection string of the PostgreSQL database with the tills' journal; null where it is a file of the folder. May hold a password.</summary>
    public string? TillPostgres { get; init; }

    /// <summary>Products, rules, plans, waves, ledger: one SQLite file.</summary>
    public string State => $"{Root}/state.db";

    /// <summary>The tills' journal: one SQLite file, written by one process at a time.</summary>
    public string TillJournal => $"{Root}/till.db";

    /// <summary>The packed purchase history: one SQLite file a shard.</summary>
    public string History => $"{Root}/history";

    /// <summary>Rows that were refused, one CSV an import.</summary>
    public string Rejects => $"{Root}/rejects";

    /// <summary>Trained models, a folder each.</summary>
    public string Models => $"{Root}/models";

    /// <summary>A folder for each wave, with its offer pack.</summary>
    public string Waves => $"{Root}/waves";

    public string Wave(string waveId) => $"{Waves}/{waveId}";

    /// <summary>A wave's offers.</summary>
    public string Pack(string waveId) => $"{Wave(waveId)}/offers.pack";

    /// <summary>A wave as an experiment: offers made, and those that held-out customers would have got.</summary>
    public string Trial(string waveId) => $"{Wave(waveId)}/trial.bin";

    /// <summary>Messages that went out: app cards, letters, receipts, a folder each wave.</summary>
    public string Outbox => $"{Root}/outbox";

    /// <summary>Finished reports, a folder each wave.</summary>
    public string Reports => $"{Root}/reports";

    /// <summary>The installation's secret, from which codes on receipts are derived; readable by the owner alone.</summary>
    public string Secret => $"{Root}/secret.key";

    public override string ToString() => Root;
}
