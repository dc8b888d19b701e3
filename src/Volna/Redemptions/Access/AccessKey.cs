using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Volna.Kernels;

namespace Volna.Redemptions.Access;

/// <summary>What a key opens.</summary>
[Flags]
public enum AccessUses
{
    None = 0,
    Till = 1,
    App = 2,

    /// <summary>The pages, to read.</summary>
    Console = 4,

    /// <summary>Plans, to read and to hand in.</summary>
    Plans = 8,
}

/// <summary>
/// A key as it is kept: its hash, never itself.
///
/// The key is <c>volna_</c>, 22 random characters of 62 (131 bits) and 6 characters of a CRC-32C over all before: a slip of the pen is told from a
/// key that isn't valid, and scanners find keys that leaked into a repository or a log.
/// </summary>
/// <param name="Id">For people; the first 8 digits of the hash.</param>
/// <param name="Hash">SHA-256 of the key, hexadecimal. Fast hashing suffices, because the key is random (OWASP ASVS 5.0, 6.5.2).</param>
/// <param name="Stores">Keys of the stores for which it counts; empty for all.</param>
/// <param name="ExpiresAt">From then on it is refused; null for never.</param>
public sealed record AccessKey(
    string Id, string Hash, string Name, AccessUses Uses, ImmutableArray<string> Stores, int CallsPerSecond, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    public const string Prefix = "volna_";
    public const int Length = 34, LongestName = 64, MostCallsPerSecond = 1_000_000;

    const int ChecksumLength = 6;
    const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>A new key as its holder gets it. The only time that it is seen.</summary>
    public static string NewSecret()
    {
        var start = Prefix + RandomNumberGenerator.GetString(Digits, Length - Prefix.Length - ChecksumLength);
        return start + Checksum(start);
    }

    /// <summary>False for what can't be a key of ours, whichever are valid.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> secret) =>
        secret.Length == Length && secret.StartsWith(Prefix, StringComparison.Ordinal) && !secret.ContainsAnyExcept(Digits + "_") && secret[^ChecksumLength..].SequenceEqual(Checksum(secret[..^ChecksumLength]));

    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));

    public static AccessKey Of(string secret, string name, AccessUses uses, ImmutableArray<string> stores, int callsPerSecond, DateTimeOffset now, DateTimeOffset? expiresAt)
    {
        var hash = HashOf(secret);
        return new AccessKey(hash[..8], hash, name, uses, stores, callsPerSecond, now, expiresAt);
    }

    public bool IsFor(string store) => Stores.IsEmpty || Stores.Contains(store);

    public bool IsValid(DateTimeOffset now) => ExpiresAt is null || now < ExpiresAt;

    static string Checksum(ReadOnlySpan<char> start)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var crc = Crc32C.Finish(Crc32C.Add(Crc32C.Start, bytes[..Encoding.ASCII.GetBytes(start, bytes)]));
        return string.Create(ChecksumLength, crc, (text, left) =>
        {
            for (var i = text.Length; i-- > 0; left /= 62) text[i] = Digits[(int)(left % 62)];
        });
    }
}
