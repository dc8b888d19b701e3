using Volna.Offers;

namespace Volna.Tests.Offers;

public sealed class OfferCodeTests
{
    static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    // The expected code was computed apart from this program: HMAC-SHA-256 of "w1|7|0", its first 50 bits by fives in Crockford's symbols.
    [Fact]
    public void Is_the_first_fifty_bits_of_the_hmac() => Assert.Equal("TWSZAQSQVJ", OfferCode.Of(Secret, "w1", new CustomerId(7), 0));

    [Fact]
    public void Differs_by_secret_wave_customer_and_offer()
    {
        var codes = new HashSet<string>();
        foreach (var secret in (byte[][])[Secret, new byte[32]])
            foreach (var wave in (string[])["w1", "w11", "w"])
                for (var customer = 1; customer <= 200; customer++)
                    for (var index = 0; index < 5; index++)
                    {
                        var code = OfferCode.Of(secret, wave, new CustomerId(customer), index);
                        Assert.Matches("^[0-9A-HJKMNP-TV-Z]{10}$", code);
                        codes.Add(code);
                    }

        Assert.Equal(2 * 3 * 200 * 5, codes.Count);
    }
}
