using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

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

    // Kept, because making one takes longer than using it.
    [ThreadStatic]
    static (byte[] Secret, IncrementalHash Hash)? _keyed;

    static byte[] Digest(ReadOnlySpan<byte> secret, string wave, CustomerId customer, int index)
    {
        if (_keyed is not var (known, hash) || !secret.SequenceEqual(known))
        {
            hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
            _keyed = (secret.ToArray(), hash);
        }

        hash.AppendData(Encoding.UTF8.GetBytes($"{wave}|{customer.Value}|{index / Each}"));
        return hash.GetHashAndReset();
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
