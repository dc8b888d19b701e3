using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Volna.Publishing.Mail;

namespace Volna.Reports.Notices;

/// <summary>Notices, who wants them, and which were delivered.</summary>
public sealed class NoticeStore(StateStore state)
{
    /// <summary>Adds a mail address or a webhook; it gets what is told from now on.</summary>
    /// <returns>The secret that a webhook's receiver needs to check signatures; null for mail. The same address keeps its secret.</returns>
    /// <exception cref="BadInputException">It is neither.</exception>
    public string? AddTarget(string address)
    {
        var isWebhook = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
        if (!isWebhook && !Mailbox.IsUsable(address))
            throw new BadInputException("notice-address", new Text(
                $"{address}: expected a mail address or an address that begins with https://.", $"{address}: ожидался адрес почты или адрес, начинающийся с https://."));
        using var connection = state.Connect();
        connection.Execute(
            "insert into notice_target (address, secret) values (@address, @secret) on conflict (address) do nothing",
            new { address, secret = isWebhook ? Webhook.SecretOf(RandomNumberGenerator.GetBytes(32)) : null });
        return connection.ExecuteScalar<string?>("select secret from notice_target where address = @address", new { address });
    }

    public bool RemoveTarget(string address)
    {
        using var connection = state.Connect();
        connection.Execute("update notice_delivery set next_at = null, failure = 'removed' where address = @address and delivered_at is null", new { address });
        return connection.Execute("delete from notice_target where address = @address", new { address }) > 0;
    }

    public IReadOnlyList<NoticeTarget> Targets()
    {
        using var connection = state.Connect();
        return [.. connection.Query<(string Address, string? Secret)>("select address, secret from notice_target order by address").Select(row => new NoticeTarget(row.Address, row.Secret))];
    }

    /// <summary>Keeps a notice for everyone who wants to be told.</summary>
    /// <returns>False if it was told before.</returns>
    public bool Add(Notice notice)
    {
        using var connection = state.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        var isNew = connection.Execute(
            """
            insert into notice (id, kind, at, wave, subject_en, subject_ru, body_en, body_ru, data)
            values (@Id, @Kind, @at, @Wave, @subjectEn, @subjectRu, @bodyEn, @bodyRu, @Data) on conflict (id) do nothing
            """,
            new
            {
                notice.Id,
                notice.Kind,
                at = Instant(notice.At),
                notice.Wave,
                subjectEn = notice.Subject.English,
                subjectRu = notice.Subject.Russian,
                bodyEn = notice.Body.English,
                bodyRu = notice.Body.Russian,
                notice.Data,
            }, transaction) > 0;
        if (isNew)
            connection.Execute("insert into notice_delivery (notice, address, next_at) select @Id, address, @at from notice_target", new { notice.Id, at = Instant(notice.At) }, transaction);
        transaction.Commit();
        return isNew;
    }

    /// <summary>The newest notices first.</summary>
    public IReadOnlyList<Notice> List(int most)
    {
        using var connection = state.Connect();
        return [.. connection.Query<Row>($"select {Columns} from notice order by at desc, id limit @most", new { most }).Select(row => row.ToNotice())];
    }

    /// <summary>How a notice stands with each who wanted it.</summary>
    public IReadOnlyList<(string Address, int Attempts, bool Delivered, bool Waits, string Failure)> Deliveries(string notice)
    {
        using var connection = state.Connect();
        return [.. connection.Query<(string Address, long Attempts, string? Delivered, string? Next, string Failure)>(
            "select address, attempts, delivered_at, next_at, failure from notice_delivery where notice = @notice order by address", new { notice })
            .Select(row => (row.Address, (int)row.Attempts, row.Delivered is not null, row.Next is not null, row.Failure))];
    }

    /// <summary>What is to be delivered now.</summary>
    internal IReadOnlyList<(Notice Notice, NoticeTarget Target, int Attempts)> Due(DateTimeOffset now)
    {
        using var connection = state.Connect();
        var due = connection.Query<(string Notice, string Address, long Attempts)>(
            "select notice, address, attempts from notice_delivery where next_at <= @now order by next_at, notice, address", new { now = Instant(now) }).ToList();
        var targets = Targets().ToDictionary(target => target.Address);
        return [.. due.Select(one => (
            connection.QuerySingle<Row>($"select {Columns} from notice where id = @Notice", new { one.Notice }).ToNotice(), targets[one.Address], (int)one.Attempts))];
    }

    internal void Delivered(string notice, string address, DateTimeOffset at)
    {
        using var connection = state.Connect();
        connection.Execute(
            "update notice_delivery set attempts = attempts + 1, next_at = null, delivered_at = @at, failure = '' where notice = @notice and address = @address", new { notice, address, at = Instant(at) });
    }

    /// <param name="next">When to try again; null to give up.</param>
    internal void Failed(string notice, string address, string failure, DateTimeOffset? next)
    {
        using var connection = state.Connect();
        connection.Execute(
            "update notice_delivery set attempts = attempts + 1, next_at = @next, failure = @failure where notice = @notice and address = @address",
            new { notice, address, failure, next = next is { } at ? Instant(at) : null });
    }

    const string Columns = "id as Id, kind as Kind, at as At, wave as Wave, subject_en as SubjectEn, subject_ru as SubjectRu, body_en as BodyEn, body_ru as BodyRu, data as Data";

    // In UTC with the same digits everywhere, so that texts compare as times do.
    static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    sealed record Row(string Id, string Kind, string At, string Wave, string SubjectEn, string SubjectRu, string BodyEn, string BodyRu, string Data)
    {
        public Notice ToNotice() => new(
            Id, Kind, DateTimeOffset.Parse(At, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), Wave, new Text(SubjectEn, SubjectRu), new Text(BodyEn, BodyRu), Data);
    }
}
