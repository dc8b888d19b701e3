using System.Security.Cryptography;
using System.Text.Json;

namespace Volna.Server.Bench;

/// <summary>
/// What the tills were told, kept on their side: the checker knows nothing of the server but its answers. An acknowledged receipt is lost if its
/// repeat isn't answered by the same bytes; an offer is doubled if two receipts were told that it is theirs.
/// </summary>
sealed class AnswerJournal
{
    readonly Dictionary<long, UInt128> _acknowledged = [];
    readonly Dictionary<string, long> _spentBy = [];
    long _doubled, _different;

    public long Acknowledged => _acknowledged.Count;

    /// <summary>Takes an answer to a close, the first one or a repeat's.</summary>
    public void See(long number, int status, ReadOnlySpan<byte> body)
    {
        if (status != 200) return;
        var hash = Hash(body);
        if (_acknowledged.TryGetValue(number, out var first))
        {
            if (first != hash) _different++;
            return;
        }

        _acknowledged[number] = hash;
        foreach (var offer in Offers(body))
            if (_spentBy.TryGetValue(offer, out var other) && other != number) _doubled++;
            else _spentBy[offer] = number;
    }

    /// <summary>Asks for every acknowledged receipt again; a repeat gets the first answer, or something was lost.</summary>
    public (long Lost, long Doubled) Check(HttpLoad load, HttpLoad.Write close, CancellationToken stop)
    {
        var numbers = _acknowledged.Keys.ToArray();
        long seen = 0, lost = 0, next = 0;
        while (next < numbers.Length)
        {
            // In pieces of so many that a closed loop of a moment is enough; each run goes on where the last one ended.
            var from = next;
            var asked = load.Run(
                (number, request) => close(numbers[Math.Min(number, numbers.Length - 1)], request), TimeSpan.FromMilliseconds(200), first: from,
                see: (number, status, body) =>
                {
                    if (number >= numbers.Length) return;
                    seen++;
                    if (status != 200 || _acknowledged[numbers[number]] != Hash(body)) lost++;
                },
                stop: stop);
            next += asked.Done + asked.Failed + asked.Refused;
        }

        return (lost + _different + (numbers.Length - seen), _doubled);
    }

    static UInt128 Hash(ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>Codes of the offers that an answer says were spent.</summary>
    static List<string> Offers(ReadOnlySpan<byte> body)
    {
        var offers = new List<string>();
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("offer"u8) && reader.Read() && reader.TokenType == JsonTokenType.String)
                offers.Add(reader.GetString()!);
        return offers;
    }
}
