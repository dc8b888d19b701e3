namespace Volna.Redemptions.Journal;

/// <summary>The journal that a data folder's tills use.</summary>
static class JournalStore
{
    /// <exception cref="BadInputException">There is no such PostgreSQL, or this folder's receipts are in another journal.</exception>
    public static IJournal Open(DataFolder folder)
    {
        if (folder.TillPostgres is null) return SqliteJournalStore.Open(folder);
        if (SqliteJournalStore.Exists(folder))
        {
            using var journal = SqliteJournalStore.Open(folder);
            if (journal.Last() > 0) throw Elsewhere(folder);
        }

        return PostgresJournalStore.Open(folder.TillPostgres);
    }

    /// <summary>True where there may be receipts.</summary>
    public static bool Exists(DataFolder folder) => folder.TillPostgres is not null || SqliteJournalStore.Exists(folder);

    /// <summary>The folder's tables follow one journal for ever: with another, receipts would be forgotten and offers spent twice.</summary>
    public static BadInputException Elsewhere(DataFolder folder) => new("till-journal-elsewhere", folder.TillPostgres is null
        ? new Text(
            $"{folder.Root}: the receipts of this folder are in PostgreSQL; name it with --postgres or VOLNA_POSTGRES.",
            $"{folder.Root}: чеки этой папки хранятся в PostgreSQL; укажите его через --postgres или VOLNA_POSTGRES.")
        : new Text(
            $"{folder.Root}: the receipts of this folder are in another journal than the PostgreSQL database that --postgres or VOLNA_POSTGRES names.",
            $"{folder.Root}: чеки этой папки хранятся в другом журнале, а не в базе PostgreSQL, указанной в --postgres или VOLNA_POSTGRES."));
}
