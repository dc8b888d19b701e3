using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using Dapper;

namespace Volna.Offers.Plans;

/// <summary>A version of a plan, as it was kept.</summary>
/// <param name="Digest">SHA-256 of the text in hexadecimal digits.</param>
public sealed record KeptPlan(string Digest, string Name, string Text, DateTimeOffset KeptAt, string KeptBy)
{
    /// <summary>Enough of the digest for people.</summary>
    public string Beginning => Digest[..BeginningLength];

    internal const int BeginningLength = 12;

    public static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>The versions of plans: each that was used or handed in stays, by its digest.</summary>
public sealed class PlanStore(StateStore state)
{
    const int LeastDigits = 4;

    /// <summary>Keeps a version; the same text is kept once.</summary>
    /// <param name="text">Without mistakes.</param>
    /// <param name="isHandedIn">Whether it becomes the newest of its name, also if it was kept before; a wave made with it doesn't make it so.</param>
    public KeptPlan Keep(string text, string by, DateTimeOffset now, bool isHandedIn = true)
    {
        using var connection = state.Connect();
        var digest = KeptPlan.DigestOf(text);
        connection.Execute(
            """
            insert into plan (digest, name, text, kept_at, kept_by) values (@digest, @name, @text, @at, @by)
            on conflict (digest) do update set kept_at = excluded.kept_at, kept_by = excluded.kept_by where @isHandedIn
            """,
            new { digest, name = PlanFile.ParseName(text), text, at = now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), by, isHandedIn });
        return Read(connection, "where digest = @digest", new { digest }).Single();
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<KeptPlan> List()
    {
        using var connection = state.Connect();
        return Read(connection, "order by kept_at desc, digest", null);
    }

    /// <summary>A version by its digest or the beginning of it, else the newest of a name.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public KeptPlan Get(string reference) => Find(reference) ?? throw new BadInputException("plan-unknown", new Text(
        $"{reference}: there is no such plan; expected a file, or the digest or name of a plan that `volna plan list` shows.",
        $"{reference}: такого плана нет; ожидался файл либо контрольная сумма или название плана из `volna plan list`."));

    /// <inheritdoc cref="Get"/>
    public KeptPlan? Find(string reference)
    {
        using var connection = state.Connect();
        if (reference.Length >= LeastDigits && reference.All(char.IsAsciiHexDigitLower))
            if (Read(connection, "where digest >= @from and digest < @until order by digest limit 1", new { from = reference, until = reference + "g" }) is [var kept])
                return kept;
        return Read(connection, "where name = @reference order by kept_at desc, digest limit 1", new { reference }).SingleOrDefault();
    }

    /// <summary>A plan's text and how messages call it: of a file, or else of a version that was kept.</summary>
    /// <exception cref="BadInputException">There is neither.</exception>
    public static (string Name, string Text) Read(string reference, StateStore? state)
    {
        if (File.Exists(reference)) return (reference, File.ReadAllText(reference));
        if (state is not null && new PlanStore(state).Find(reference) is { } kept) return ($"{kept.Name} ({kept.Beginning})", kept.Text);
        throw new BadInputException("plan-missing", new Text(
            $"{reference}: there is no such plan file, and no kept plan of this name or digest; `volna schema plan` prints one to start from, `volna plan list` shows the kept ones.",
            $"{reference}: нет ни такого файла плана, ни сохранённого плана с таким названием или контрольной суммой; образец печатает `volna schema plan`, сохранённые показывает `volna plan list`."));
    }

    static List<KeptPlan> Read(Microsoft.Data.Sqlite.SqliteConnection connection, string which, object? values) => [.. connection
        .Query<(string Digest, string Name, string Text, string At, string By)>($"select digest, name, text, kept_at, kept_by from plan {which}", values)
        .Select(row => new KeptPlan(row.Digest, row.Name, row.Text, DateTimeOffset.Parse(row.At, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), row.By))];
}
