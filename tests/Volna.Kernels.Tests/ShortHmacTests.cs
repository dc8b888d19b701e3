using System.Security.Cryptography;

namespace Volna.Kernels.Tests;

public sealed class ShortHmacTests
{
    [Fact]
    public void Equals_the_systems_for_every_length_of_key_and_text()
    {
        var random = new Random(1);
        var (key, text, mac) = (new byte[ShortHmac.LongestKey], new byte[ShortHmac.LongestText], new byte[ShortHmac.Length]);
        for (var keyLength = 0; keyLength <= key.Length; keyLength++)
        {
            random.NextBytes(key);
            var hmac = new ShortHmac(key.AsSpan(0, keyLength));
            for (var length = 0; length <= text.Length; length++)
            {
                random.NextBytes(text);
                hmac.Compute(text.AsSpan(0, length), mac);
                Assert.Equal(HMACSHA256.HashData(key.AsSpan(0, keyLength), text.AsSpan(0, length)), mac);
            }
        }
    }

    [Fact]
    public void What_is_longer_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new ShortHmac(new byte[ShortHmac.LongestKey + 1]));
        Assert.Throws<ArgumentException>(() => new ShortHmac([]).Compute(new byte[ShortHmac.LongestText + 1], new byte[ShortHmac.Length]));
    }
}
