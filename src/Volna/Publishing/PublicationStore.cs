using System.Globalization;
using Dapper;

namespace Volna.Publishing;

/// <summary>What went out with each wave.</summary>
public sealed class PublicationStore(StateStore state)
{
    /// <summary>When a wave was first published: now, if it wasn't yet.</summary>
    internal DateTimeOffset Start(string wave, DateTimeOffset now)
    {
        using var connection = state.Connect();
        connection.Execute("insert into publication (wave, published_at) values (@wave, @at) on conflict (wave) do nothing", new { wave, at = now.ToString("O", CultureInfo.InvariantCulture) });
        return Instant(connection.ExecuteScalar<string>("select published_at from publication where wave = @wave", new { wave })!);
    }

    /// <summary>Records that a wave's outbox is complete.</summary>
    internal void Complete(string wave, IReadOnlyList<ChannelSummary> channels, DateTimeOffset now)
    {
        using var connection = state.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.Execute("update publication set written_at = @at where wave = @wave", new { wave, at = now.ToString("O", CultureInfo.InvariantCulture) }, transaction);
        connection.Execute("delete from publication_channel where wave = @wave", new { wave }, transaction);
        connection.Execute(
            "insert into publication_channel (wave, channel, state, customers) values (@wave, @channel, @state, @customers)",
            channels.SelectMany(channel => Enum.GetValues<ChannelState>().Select(one => new { wave, channel = channel.Channel, state = one.Code(), customers = channel.Count(one) })), transaction);
        transaction.Commit();
    }

    /// <summary>What became of the customers in each channel of a wave; null as long as its outbox isn't complete.</summary>
    public IReadOnlyList<ChannelSummary>? Channels(string wave)
    {
        using var connection = state.Connect();
        if (connection.ExecuteScalar<string?>("select written_at from publication where wave = @wave", new { wave }) is null) return null;
        return [.. connection
            .Query<(string Channel, string State, long Customers)>("select channel, state, customers from publication_channel where wave = @wave order by channel", new { wave })
            .GroupBy(row => row.Channel)
            .Select(channel =>
            {
                int Count(ChannelState state) => (int)channel.SingleOrDefault(row => row.State == state.Code()).Customers;
                return new ChannelSummary(channel.Key, Count(ChannelState.Written), Count(ChannelState.NoConsent), Count(ChannelState.NoAddress)) { ContactLimit = Count(ChannelState.ContactLimit) };
            })];
    }

    static DateTimeOffset Instant(string text) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);
}
