using System.Text;
using Volna.Redemptions;

namespace Volna.Tests.Redemptions;

public sealed class ReceiptCheckTests
{
    [Theory]
    [InlineData("", "json-invalid")]
    [InlineData("{", "json-invalid")]
    [InlineData("[]", "json-invalid")]
    [InlineData("null", "field-missing")]
    [InlineData("{}", "field-missing")]
    [InlineData("""{"id":"r","time":"yesterday","lines":[]}""", "json-invalid")]
    [InlineData("""{"id":"r","id":"s","time":"2026-11-27T12:00:00+03:00","lines":[]}""", "json-invalid")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00"}""", "receipt-empty")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[]}""", "receipt-empty")]
    [InlineData("""{"id":"r","time":"0001-01-01T00:00:00Z","lines":[LINE]}""", "receipt-time")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00","lines":[LINE]}""", "receipt-time")]
    [InlineData("""{"id":"r","TIME":"2026-11-27T12:00:00.123","lines":[LINE]}""", "receipt-time")]
    [InlineData("""{"id":"r","time":"2026-11-27","lines":[LINE]}""", "receipt-time")]
    [InlineData("""{"lines":[LINE],"id":"r","time":"2026-11-27T12:00:00Z"}""", null)]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00-03:00","lines":[LINE]}""", null)]
    [InlineData("""{"id":"r","Time":"2026-11-27T12:00:00\u002b03:00","lines":[LINE]}""", null)]
    [InlineData("""{"id":"","time":"2026-11-27T12:00:00+03:00","lines":[LINE]}""", "receipt-id")]
    [InlineData("""{"id":"a\nb","time":"2026-11-27T12:00:00+03:00","lines":[LINE]}""", "receipt-id")]
    [InlineData("""{"id":"LONG65","time":"2026-11-27T12:00:00+03:00","lines":[LINE]}""", "receipt-id")]
    [InlineData("""{"id":"r","customer":"LONG257","time":"2026-11-27T12:00:00+03:00","lines":[LINE]}""", "receipt-customer")]
    [InlineData("""{"id":"r","store":"LONG257","time":"2026-11-27T12:00:00+03:00","lines":[LINE]}""", "receipt-store")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[null]}""", "field-missing")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[LINE,LINE]}""", "line-id-twice")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"","quantity":1,"unitPriceMinor":1}]}""", "line-product")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"p","unitPriceMinor":1}]}""", "field-missing")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"p","quantity":"1","unitPriceMinor":1}]}""", "json-invalid")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"p","quantity":1,"unitPriceMinor":1.5}]}""", "json-invalid")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"p","quantity":0,"unitPriceMinor":1}]}""", "line-quantity")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"p","quantity":-1,"unitPriceMinor":1}]}""", "line-quantity")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"p","quantity":0.0001,"unitPriceMinor":1}]}""", "line-quantity")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"p","quantity":100000.001,"unitPriceMinor":1}]}""", "line-quantity")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"p","quantity":1e27,"unitPriceMinor":1}]}""", "line-quantity")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"p","quantity":1,"unitPriceMinor":-1}]}""", "line-price")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"p","quantity":1,"unitPriceMinor":10000000001}]}""", "line-price")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"p","quantity":1,"unitPriceMinor":99999999999999999999}]}""", "json-invalid")]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[LINE]}""", null)]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"p","quantity":100,"unitPriceMinor":10000000000}]}""", null)]
    [InlineData("""{"id":"r","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"p","quantity":100000,"unitPriceMinor":10000001}]}""", "receipt-too-large")]
    public void A_bad_receipt_is_named(string json, string? code)
    {
        json = json.Replace("LINE", """{"id":"1","product":"p","quantity":1.500,"unitPriceMinor":100}""", StringComparison.Ordinal)
            .Replace("LONG65", new string('x', 65), StringComparison.Ordinal).Replace("LONG257", new string('x', 257), StringComparison.Ordinal);
        void Read() => ReceiptCheck.Check(TillMessages.ReadReceipt(Encoding.UTF8.GetBytes(json)));
        if (code is null) Read();
        else Assert.Equal(code, Assert.Throws<BadInputException>(Read).Code);
    }

    [Fact]
    public void A_thousand_lines_are_allowed_and_one_more_is_not()
    {
        TillReceipt Of(int lines) => Shop.Receipt("r", "c", [.. Enumerable.Repeat(("p", 100_000m, 10_000L), lines)]);
        ReceiptCheck.Check(Of(1_000));
        // Millions of the largest receipts that pass fit into 64 bits.
        Assert.True(long.MaxValue / Of(1_000).Lines.Sum(line => line.Quantity.Times(line.UnitPrice).Minor) > 9_000_000);
        Assert.Equal("receipt-too-long", Assert.Throws<BadInputException>(() => ReceiptCheck.Check(Of(1_001))).Code);
    }

    [Fact]
    public void Spacing_and_trailing_zeros_are_no_other_content_and_everything_else_is()
    {
        UInt128 Hash(string json) => TillMessages.ContentHash(TillMessages.ReadReceipt(Encoding.UTF8.GetBytes(json)));
        const string Json = """{"id":"r","store":"S","customer":"c","time":"2026-11-27T12:00:00+03:00","lines":[{"id":"1","product":"p","quantity":1.5,"unitPriceMinor":100}]}""";
        Assert.Equal(Hash(Json), Hash(Json.Replace(":", " : ", StringComparison.Ordinal).Replace("12 : 00 : 00+03 : 00", "12:00:00+03:00", StringComparison.Ordinal).Replace("1.5", "1.500", StringComparison.Ordinal)));
        foreach (var (from, to) in ((string, string)[])[("\"r\"", "\"q\""), ("\"S\"", "\"T\""), ("\"c\"", "\"d\""), ("12:00:00", "12:00:01"), ("\"p\"", "\"q\""), ("1.5", "1.501"), ("100", "101"), ("\"1\"", "\"2\"")])
            Assert.NotEqual(Hash(Json), Hash(Json.Replace(from, to, StringComparison.Ordinal)));
    }

    [Fact]
    public void An_answer_is_read_back_as_it_was_written()
    {
        foreach (var refusal in Enum.GetValues<TillRefusal>())
        {
            Assert.Matches("^[a-z-]+$", refusal.Code());
            Assert.Equal(refusal, TillRefusals.OfCode(refusal.Code()));
            Assert.NotEqual(refusal.Sentence().English, refusal.Sentence().Russian);
            var answer = new TillAnswer("чек", new Money(5), new Money(1), [new TillLineAnswer("1", new Money(5), new Money(1), null, refusal) { Points = new Money(3) }])
            {
                State = Volna.Redemptions.Life.ReceiptState.Priced,
                Points = new Money(3),
                ReservedUntil = Shop.Now,
                BasketOffer = "X",
                BasketDiscount = new Money(1),
            };
            Assert.Equivalent(answer, TillMessages.ReadAnswer(TillMessages.Write(answer)), strict: true);
            Assert.Equal(TillMessages.Write(answer), TillMessages.Write(TillMessages.ReadAnswer(TillMessages.Write(answer))));
        }
    }
}
