using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Volna.Intake.Catalog;
using Volna.Offers.Pack;
using Volna.Publishing;

namespace Volna.Redemptions;

/// <summary>
/// What of the answers to look-ups is the same for all customers of a day, as bytes: most calls of tills are answered by putting these pieces together. An
/// offer is <c>{"code":"</c>, its code, the piece of its terms, the percentage, and the piece of its pack.
/// </summary>
sealed class LookUpTexts(LiveDay day)
{
    const int LongestNumber = 32;

    // What most keys consist of.
    static readonly SearchValues<char> s_plain = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.");
    static readonly ConditionalWeakTable<LiveDay, LookUpTexts> s_ofDays = [];

    readonly byte[] _day = Encoding.UTF8.GetBytes($",\"day\":\"{Written(day.Day)}\",\"offers\":[");
    readonly PackTexts[] _packs = [.. day.Packs.Select(pack => new PackTexts(pack, day))];

    public static LookUpTexts Of(LiveDay day) => s_ofDays.GetValue(day, live => new LookUpTexts(live));

    /// <summary>Begins an answer.</summary>
    public void WriteStart(IBufferWriter<byte> to, string customer, bool isKnown)
    {
        to.Write("{\"customer\":\""u8);
        if (customer.AsSpan().ContainsAnyExcept(s_plain)) to.Write(JsonEncodedText.Encode(customer, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        else to.Advance(Encoding.ASCII.GetBytes(customer, to.GetSpan(customer.Length + 1)));
        to.Write(isKnown ? "\",\"known\":true"u8 : "\",\"known\":false"u8);
        to.Write(_day);
    }

    /// <param name="pack">Its place among the day's packs.</param>
    public void WriteOffer(IBufferWriter<byte> to, int pack, ReadOnlySpan<byte> code, in OfferRow offer, bool isUsed, bool isFirst)
    {
        var start = isFirst ? "{\"code\":\""u8 : ",{\"code\":\""u8;
        var (terms, end) = (_packs[pack].OfTerms(offer.Terms), isUsed ? _packs[pack].UsedEnd : _packs[pack].End);
        var span = to.GetSpan(start.Length + code.Length + terms.Length + LongestNumber + end.Length);
        var length = 0;
        Add(span, start);
        Add(span, code);
        Add(span, terms);
        var (whole, rest) = Math.DivRem(offer.DepthBasisPoints, (ushort)100);
        var isWritten = rest == 0 ? Utf8Formatter.TryFormat(whole, span[length..], out var digits) : Utf8Formatter.TryFormat(offer.DepthBasisPoints / 100m, span[length..], out digits);
        if (!isWritten) throw new InvalidOperationException($"{offer.DepthBasisPoints} basis points take more than {LongestNumber} bytes.");
        length += digits;
        Add(span, end);
        to.Advance(length);

        void Add(Span<byte> all, ReadOnlySpan<byte> piece)
        {
            piece.CopyTo(all[length..]);
            length += piece.Length;
        }
    }

    public static void WriteEnd(IBufferWriter<byte> to) => to.Write("]}"u8);

    static string Written(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    sealed class PackTexts(OfferPackStore pack, LiveDay day)
    {
        // Made when first asked for: a pack has thousands.
        readonly byte[]?[] _ofTerms = new byte[]?[pack.Terms.Length];

        public byte[] End { get; } = Encoding.UTF8.GetBytes($",\"from\":\"{Written(pack.Validity.Start)}\",\"until\":\"{Written(pack.Validity.End.AddDays(-1))}\",\"used\":false}}");

        public byte[] UsedEnd { get; } = Encoding.UTF8.GetBytes($",\"from\":\"{Written(pack.Validity.Start)}\",\"until\":\"{Written(pack.Validity.End.AddDays(-1))}\",\"used\":true}}");

        public byte[] OfTerms(int number) => _ofTerms[number] ??= Made(pack.Terms[number]);

        byte[] Made(in TermsRow terms)
        {
            var (product, name) = Till.Named((TargetKind)terms.TargetKind, terms.Target, day.Catalog);
            return Encoding.UTF8.GetBytes($"\",\"wave\":\"{Escaped(pack.WaveId)}\",\"product\":\"{Escaped(product)}\",\"name\":\"{Escaped(name)}\",\"percent\":");
        }

        static string Escaped(string text) => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);
    }
}
