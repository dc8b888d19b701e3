using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Volna.Kernels;

namespace Volna.Offers;

/// <summary>
/// What is printed for an offer and read out at the till: ten symbols of Crockford's base 32 (crockford.com/base32.html: no I, L, O, U),
/// 50 bits that can't be guessed without the installation's secret.
/// </summary>
public static class OfferCode
{
    /// <summary>Symbols in a code.</summary>
    public const int Length = 10;

    const string Symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const int BitsOfSymbol = 5;

    /// <summary>Codes in a digest of 256 bits.</summary>
    const int Each = HMACSHA256.HashSizeInBits / (Length * BitsOfSymbol);

    /// <param name="secret">Of the installation, see <see cref="SecretStore"/>.</param>
    /// <param name="index">The offer's place among the customer's offers.</param>
    public static string Of(ReadOnlySpan<byte> secret, string wave, CustomerId customer, int index) => In(Digest(secret, wave, customer, index), index);

    /// <summary>The same for several offers of a customer, in the order of their places: cheaper than one by one.</summary>
    public static string[] Of(ReadOnlySpan<byte> secret, string wave, IReadOnlyList<Offer> offers)
    {
        var codes = new string[offers.Count];
        byte[] digest = [];
        for (var i = 0; i < codes.Length; i++)
        {
            if (i == 0 || offers[i].Index / Each != offers[i - 1].Index / Each) digest = Digest(secret, wave, offers[i].Customer, offers[i].Index);
            codes[i] = In(digest, offers[i].Index);
        }

        return codes;
    }

    /// <summary>Codes of a customer's first offers as ASCII, one behind the other.</summary>
    /// <param name="codes"><see cref="Length"/> bytes for each; filled.</param>
    public static void Write(ReadOnlySpan<byte> secret, string wave, CustomerId customer, Span<byte> codes)
    {
        // Longer than a digest, because the last code is read with what stands behind it.
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes + sizeof(ulong)];
        for (var index = 0; index < codes.Length / Length; index++)
        {
            if (index % Each == 0) Digest(secret, wave, customer, index, digest[..HMACSHA256.HashSizeInBytes]);
            var bit = index % Each * Length * BitsOfSymbol;
            var bits = BinaryPrimitives.ReadUInt64BigEndian(digest[(bit / 8)..]) << (bit % 8);
            foreach (ref var symbol in codes.Slice(index * Length, Length))
            {
                symbol = (byte)Symbols[(int)(bits >> (64 - BitsOfSymbol))];
                bits <<= BitsOfSymbol;
            }
        }
    }

    // Kept, because making one takes longer than using it.
    [ThreadStatic]
    static (byte[] Secret, ShortHmac Hmac)? _keyed;

    static byte[] Digest(ReadOnlySpan<byte> secret, string wave, CustomerId customer, int index)
    {
        var digest = new byte[HMACSHA256.HashSizeInBytes];
        Digest(secret, wave, customer, index, digest);
        return digest;
    }

    static void Digest(ReadOnlySpan<byte> secret, string wave, CustomerId customer, int index, Span<byte> digest)
    {
        Span<byte> text = stackalloc byte[ShortHmac.LongestText];
        if (!Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"{wave}|{customer.Value}|{index / Each}", out var length))
        {
            HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{wave}|{customer.Value}|{index / Each}"), digest);
            return;
        }

        if (_keyed is not var (known, hmac) || !secret.SequenceEqual(known))
        {
            hmac = new ShortHmac(secret);
            _keyed = (secret.ToArray(), hmac);
        }

        hmac.Compute(text[..length], digest);
    }

    static string In(ReadOnlySpan<byte> digest, int index)
    {
        Span<char> code = stackalloc char[Length];
        for (var i = 0; i < Length; i++)
        {
            var bit = ((index % Each * Length) + i) * BitsOfSymbol;
            code[i] = Symbols[(BinaryPrimitives.ReadUInt16BigEndian(digest[(bit / 8)..]) >> (16 - BitsOfSymbol - (bit % 8))) & 31];
        }

        return new string(code);
    }
}
