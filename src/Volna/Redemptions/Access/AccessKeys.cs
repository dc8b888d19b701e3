using System.Security.Cryptography;
using System.Text;

namespace Volna.Redemptions.Access;

/// <summary>All keys at a moment, ready to be asked at each call. Doesn't change once made.</summary>
sealed class AccessKeys
{
    // By the first bytes of the hash; the rest is compared in constant time. Who can't reverse SHA-256 learns nothing from the look-up's time.
    readonly Dictionary<ulong, (byte[] Hash, AccessKey Key, Pace Pace)> _keys = [];

    /// <param name="earlier">Whose paces go on.</param>
    public AccessKeys(IReadOnlyList<AccessKey> keys, AccessKeys? earlier)
    {
        foreach (var key in keys)
        {
            var hash = Convert.FromHexString(key.Hash);
            var start = BitConverter.ToUInt64(hash);
            var pace = earlier is not null && earlier._keys.TryGetValue(start, out var known) && known.Key.CallsPerSecond == key.CallsPerSecond ? known.Pace : new Pace(key.CallsPerSecond);
            _keys.Add(start, (hash, key, pace));
        }
    }

    /// <summary>False as long as no key was ever made.</summary>
    public bool Any => _keys.Count > 0;

    /// <summary>The key of a secret, valid or not; null if none was made with it.</summary>
    public (AccessKey Key, Pace Pace)? Find(ReadOnlySpan<char> secret)
    {
        // Longer ones are none of ours, whatever they hash to.
        if (secret.Length != AccessKey.Length) return null;
        Span<byte> bytes = stackalloc byte[AccessKey.Length * 3], hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(secret, bytes)], hash);
        return _keys.TryGetValue(BitConverter.ToUInt64(hash), out var found) && CryptographicOperations.FixedTimeEquals(hash, found.Hash) ? (found.Key, found.Pace) : null;
    }
}
