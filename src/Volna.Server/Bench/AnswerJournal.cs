using System.Security.Cryptography;
using System.Text.Json;

namespace Volna.Server.Bench;

/// <summary>
/// What the tills were told, kept on their side: the checker knows nothing of the server but its answers. An acknowledged receipt is lost if
/// another receipt is taken under its id, or if its repeat isn't answered by the same bytes; an offer is doubled if two receipts were told that it is theirs.
/// </summary>
sealed class AnswerJournal
{
    readonly Dictionary<long, UInt128> _acknowledged = [];
    readonly Dictionary<string, long> _spentBy = [];
    readonly List<(long Number, byte[] Piece, int At, int Length)> _seen = [];
    byte[] _piece = [];
    int _filled;
    long _doubled, _different;

    public long Acknowledged
    {
        get
        {
            TakeAll();
            return _acknowledged.Count;
        }
    }

    /// <summary>Takes an answer to a close, the first one or a repeat's. Only keeps it: who measures has no time to look at it.</summary>
    public void See(long number, int status, ReadOnlySpan<byte> body)
    {
        if (status != 200) return;
        if (_piece.Length - _filled < body.Length) (_piece, _filled) = (GC.AllocateUninitializedArray<byte>(Math.Max(1 << 20, body.Length)), 0);
        body.CopyTo(_piece.AsSpan(_filled));
        _seen.Add((number, _piece, _filled, body.Length));
        _filled += body.Length;
    }

    void TakeAll()
    {
        foreach (var (number, piece, at, length) in _seen) Take(number, piece.AsSpan(at, length));
        _seen.Clear();
    }

    void Take(long number, ReadOnlySpan<byte> body)
    {
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

    /// <summary>Asks for every acknowledged receipt again.</summary>
    /// <param name="other">Another receipt under the same id. It comes first, because a receipt that was lost would be closed anew by its repeat, often with the same answer.</param>
    public (long Lost, long Doubled) Check(HttpLoad load, HttpLoad.Write close, HttpLoad.Write other, CancellationToken stop)
    {
        TakeAll();
        var numbers = _acknowledged.Keys.ToArray();
        var lost = new HashSet<long>();
        Ask(load, numbers, other, (number, status, _) => Note(number, status == 422), stop);
        Ask(load, numbers, close, (number, status, body) => Note(number, status == 200 && _acknowledged[number] == Hash(body)), stop);
        return (lost.Count + _different, _doubled);

        void Note(long number, bool isKept)
        {
            if (!isKept) lost.Add(number);
        }
    }

    static void Ask(HttpLoad load, long[] numbers, HttpLoad.Write write, HttpLoad.See see, CancellationToken stop)
    {
        // In pieces of a moment; each goes on where the last one ended, and at the very end the last receipt is asked for some times more.
        for (long next = 0; next < numbers.Length;)
        {
            var asked = load.Run(
                (place, request) => write(numbers[Math.Min(place, numbers.Length - 1)], request), TimeSpan.FromMilliseconds(200), first: next,
                see: (place, status, body) => see(numbers[Math.Min(place, numbers.Length - 1)], status, body), stop: stop);
            next += asked.Done + asked.Failed + asked.Refused;
        }
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
