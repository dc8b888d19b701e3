using Volna.Offers;

namespace Volna.Tests.Offers;

public sealed class OfferCodeTests
{
    static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    // Computed apart from this program: HMAC-SHA-256 of "w1|7|0", each 50 bits of it by fives in Crockford's symbols; the sixth code is of "w1|7|1".
    [Theory]
    [InlineData(0, "TWSZAQSQVJ")]
    [InlineData(1, "3DZ8F7Q64R")]
    [InlineData(4, "WQES7QEH2C")]
    [InlineData(5, "7V4KAGNQPK")]
    public void Is_fifty_bits_of_the_hmac(int index, string code) => Assert.Equal(code, OfferCode.Of(Secret, "w1", new CustomerId(7), index));

    [Theory]
    [InlineData("w1")]
    [InlineData("волна с названием, которое не помещается в один блок")]
    public void As_bytes_they_are_the_same_codes(string wave)
    {
        var codes = new byte[12 * OfferCode.Length];
        OfferCode.Write(Secret, wave, new CustomerId(7), codes);
        for (var index = 0; index < 12; index++)
            Assert.Equal(OfferCode.Of(Secret, wave, new CustomerId(7), index), System.Text.Encoding.ASCII.GetString(codes, index * OfferCode.Length, OfferCode.Length));
    }

    [Fact]
    public void Several_at_once_are_the_same_codes()
    {
        Offer[] offers = [.. new[] { 0, 1, 4, 5, 9, 11 }.Select(index => Shop.Offer(7, index, 1, 10))];
        Assert.Equal(offers.Select(offer => OfferCode.Of(Secret, "w1", offer.Customer, offer.Index)), OfferCode.Of(Secret, "w1", offers));
    }

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
