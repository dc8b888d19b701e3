using System.Text;
using Volna.Redemptions;

namespace Volna.Tests.Redemptions;

/// <summary>The short way of reading a receipt against the serializer.</summary>
public sealed class ReceiptJsonTests
{
    const string Usual =
        """{"id":"r1","store":"S\u0031","customer":"Анна","time":"2026-11-26T01:20:00+03:00","shelfTotalMinor":10000,"reserve":false,"replay":true,"lines":[{"id":"1","product":"milk","quantity":1.500,"unitPriceMinor":10000},{"id":"2","product":"a\"b","quantity":2,"unitPriceMinor":0}]}""";

    [Fact]
    public void What_tills_send_takes_the_short_way()
    {
        Assert.NotNull(ReceiptJson.Read(Encoding.UTF8.GetBytes(Usual)));
        Assert.Equal(Read(Usual, bytes => TillMessages.ReadMessageSlowly(bytes)), Read(Usual, bytes => ReceiptJson.Read(bytes)!));
    }

    // One character is dropped, doubled or changed, or a piece is put elsewhere: what the short way reads, the serializer reads alike.
    [Fact]
    public void It_reads_nothing_otherwise_than_the_serializer()
    {
        var seed = TestSize.Seed();
        var random = new Random(seed);
        var read = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = Usual;
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(text.Length);
                var from = random.Next(text.Length);
                var piece = text.Substring(from, random.Next(Math.Min(12, text.Length - from)));
                text = random.Next(4) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, text[at].ToString()),
                    2 => text.Remove(at, 1).Insert(at, " 0-1.e\"{}[],:\\nulltrueA"[random.Next(22)].ToString()),
                    _ => text.Insert(at, piece),
                };
            }

            var fast = Read(text, bytes => ReceiptJson.Read(bytes) ?? throw new BadInputException("slow", new Text("", "")));
            if (fast == "slow") continue;
            read++;
            Assert.Equal(Read(text, bytes => TillMessages.ReadMessageSlowly(bytes)), fast);
        }

        Assert.True(read > 100, $"{read} of the changed receipts could be read");
    }

    static string Read(string json, Func<byte[], ReceiptMessage> read)
    {
        try
        {
            var message = read(Encoding.UTF8.GetBytes(json));
            return $"{message with { Lines = null }} {string.Join(' ', message.Lines ?? [])} {message.Lines is null}";
        }
        catch (BadInputException refusal)
        {
            return refusal.Code;
        }
    }
}
