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

    /// <param name="secret">Of the installation, see <see cref="SecretStore"/>.</param>
    /// <param name="index">The offer's place among the customer's offers.</param>
    public static string Of(ReadOnlySpan<byte> secret, string wave, CustomerId customer, int index)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{wave}|{customer.Value}|{index}"), digest);
        Span<char> code = stackalloc char[Length];
        var bits = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(digest);
        for (var i = 0; i < Length; i++) code[i] = Symbols[(int)((bits >> (59 - (5 * i))) & 31)];
        return new string(code);
    }
}
