using Volna.Intake.Catalog;
using Volna.Kernels;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Pack;

namespace Volna.Tests.Offers.Pack;

public sealed class OfferPackStoreTests
{
    static readonly Period Week = new(new DateOnly(2026, 11, 26), new DateOnly(2026, 12, 3));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5_000)]
    public void What_was_written_is_read_back(int customers)
    {
        using var folder = new TemporaryFolder();
        var written = Made(customers, seed: 7);
        var digest = Write(folder.Data, "w", written);

        using var pack = OfferPackStore.Open(folder.Data, "w");
        pack.VerifyDigest();
        Assert.Equal((digest, "w", Week, customers, written.Sum(one => one.Offers.Count)), (pack.Digest, pack.WaveId, pack.Validity, pack.Customers, pack.Offers));
        for (var place = 0; place < customers; place++)
        {
            var (customer, hash, segment, heldOut, offers) = written[place];
            Assert.Equal(new PackedCustomer(customer, hash, segment, heldOut, offers.Count), pack.At(place));
            Assert.Equal(offers, pack.OffersAt(place));
            Assert.Equal(place, pack.Find(hash));
            if (place == 0 || written[place - 1].Hash != hash - 1) Assert.Equal(-1, pack.Find(hash - 1));
        }

        Assert.Equal(-1, pack.Find(ulong.MaxValue));
    }

    [Fact]
    public void The_digest_depends_on_content_and_validity_but_not_on_the_waves_name()
    {
        using var folder = new TemporaryFolder();
        var first = Write(folder.Data, "first", Made(50, seed: 7));
        Assert.Equal(first, Write(folder.Data, "second", Made(50, seed: 7)));
        Assert.NotEqual(first, Write(folder.Data, "third", Made(50, seed: 8)));
        Assert.NotEqual(first, Write(folder.Data, "fourth", Made(50, seed: 7), new Period(Week.Start, Week.End.AddDays(1))));
    }

    /// <summary>Terms and propensities have other numbers in each of the two packs.</summary>
    [Fact]
    public void Customers_taken_over_from_two_packs_make_the_same_pack_as_if_written_into_one()
    {
        using var folder = new TemporaryFolder();
        var all = Made(500, seed: 7);
        var digest = Write(folder.Data, "whole", all);
        Write(folder.Data, "even", [.. all.Where((_, place) => place % 2 == 0)]);
        Write(folder.Data, "odd", [.. all.Where((_, place) => place % 2 == 1)]);
        using var even = OfferPackStore.Open(folder.Data, "even");
        using var odd = OfferPackStore.Open(folder.Data, "odd");
        NewOfferPackStore.Numbers ofEven = new(even), ofOdd = new(odd);
        using var merged = NewOfferPackStore.Create(folder.Data, "merged", Week);
        for (var place = 0; place < all.Count; place++) merged.Add(place % 2 == 0 ? even : odd, place / 2, place % 2 == 0 ? ofEven : ofOdd);
        Assert.Equal(digest, merged.Commit());
    }

    [Fact]
    public void Any_flipped_bit_and_any_cut_is_noticed()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Data, "w", Made(20, seed: 7));
        var path = folder.Data.Pack("w");
        var good = File.ReadAllBytes(path);
        for (var at = 0; at < good.Length; at++)
        {
            var bad = (byte[])good.Clone();
            bad[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(path, bad);
            Assert.Contains(Refusal(folder.Data).Code, (string[])["pack-damaged", "pack-version"]);
        }

        foreach (var length in (int[])[0, 1, 191, 192, good.Length - 1])
        {
            File.WriteAllBytes(path, good[..length]);
            Assert.Equal("pack-damaged", Refusal(folder.Data).Code);
        }

        File.WriteAllBytes(path, [.. good, 0]);
        Assert.Equal("pack-damaged", Refusal(folder.Data).Code);
        File.WriteAllBytes(path, good);
        OfferPackStore.Open(folder.Data, "w").Dispose();
    }

    [Fact]
    public void Another_version_is_named()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Data, "w", Made(3, seed: 7));
        var bytes = File.ReadAllBytes(folder.Data.Pack("w"));
        bytes[8] = 1;
        File.WriteAllBytes(folder.Data.Pack("w"), bytes);
        var refusal = Refusal(folder.Data);
        Assert.Equal("pack-version", refusal.Code);
        Assert.Contains("version 1", refusal.Sentence.English, StringComparison.Ordinal);
        Assert.Contains(folder.Data.Pack("w"), refusal.Sentence.Russian, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pack_of_another_installation_or_wave_is_refused()
    {
        using TemporaryFolder folder = new(), other = new();
        Write(folder.Data, "w", Made(3, seed: 7));
        Directory.CreateDirectory(other.Data.Wave("w"));
        File.Copy(folder.Data.Pack("w"), other.Data.Pack("w"));
        Assert.Contains("signature", Refusal(other.Data).Sentence.English, StringComparison.Ordinal);

        Directory.CreateDirectory(folder.Data.Wave("v"));
        File.Copy(folder.Data.Pack("w"), folder.Data.Pack("v"));
        Assert.Contains("belongs to wave w", Refusal(folder.Data, "v").Sentence.English, StringComparison.Ordinal);
        Assert.Equal("pack-missing", Refusal(folder.Data, "none").Code);
    }

    [Fact]
    public void Customers_whose_keys_have_one_hash_are_found_when_written_and_nothing_is_left()
    {
        using var folder = new TemporaryFolder();
        using (var pack = NewOfferPackStore.Create(folder.Data, "w", Week))
        {
            pack.Add(new CustomerId(1), 5, 0, false, []);
            Assert.Equal("customer-keys-collide", Assert.Throws<BadInputException>(() => pack.Add(new CustomerId(2), 5, 0, false, [])).Code);
            Assert.Throws<ArgumentException>(() => pack.Add(new CustomerId(3), 4, 0, false, []));
        }

        Assert.Empty(Directory.GetFiles(folder.Data.Wave("w")));
    }

    [Fact]
    public void A_held_out_customer_cannot_be_given_an_offer()
    {
        using var folder = new TemporaryFolder();
        using var pack = NewOfferPackStore.Create(folder.Data, "w", Week);
        var offers = Made(100, seed: 7).First(one => one.Offers.Count > 0).Offers;
        Assert.Throws<ArgumentException>(() => pack.Add(new CustomerId(1), 5, 0, heldOut: true, offers));
    }

    static BadInputException Refusal(DataFolder folder, string waveId = "w") =>
        Assert.Throws<BadInputException>(() => OfferPackStore.Open(folder, waveId).Dispose());

    static string Write(DataFolder folder, string waveId, List<(CustomerId Customer, ulong Hash, int Segment, bool HeldOut, IReadOnlyList<Offer> Offers)> customers, Period? validity = null)
    {
        using var pack = NewOfferPackStore.Create(folder, waveId, validity ?? Week);
        foreach (var (customer, hash, segment, heldOut, offers) in customers) pack.Add(customer, hash, segment, heldOut, offers);
        return pack.Commit();
    }

    static List<(CustomerId Customer, ulong Hash, int Segment, bool HeldOut, IReadOnlyList<Offer> Offers)> Made(int customers, ulong seed) =>
        [.. Enumerable.Range(1, customers).Select(number =>
        {
            var draw = new Draw(seed, "test", (ulong)number);
            var customer = new CustomerId(number);
            var heldOut = draw.NextUnit() < 0.1;
            var offers = Enumerable.Range(0, heldOut ? 0 : draw.NextBelow(6)).Select(index => new Offer
            {
                Customer = customer,
                Index = index,
                Target = draw.NextBelow(1_000),
                TargetKind = (TargetKind)draw.NextBelow(6),
                Mechanic = (Mechanic)draw.NextBelow(5),
                Amount = new Money(draw.NextBelow(3) * 50_00),
                Buy = draw.NextBelow(4),
                Free = draw.NextBelow(3),
                MostPieces = new Quantity(draw.NextBelow(3) * 1_500),
                LeastTotal = new Money(draw.NextBelow(2) * 1_000_00),
                Depth = new Percent(draw.NextBelow(10_001)),
                Slot = (SlotKind)draw.NextBelow(4),
                Reason = (CandidateReason)draw.NextBelow(5),
                Because = draw.NextBelow(int.MaxValue),
                Propensity = 1.0 / (1 + draw.NextBelow(20)),
                Floor = new Money(draw.NextBelow(100)),
                RegularPrice = new Money(1L << draw.NextBelow(60)),
            }).ToList();
            return (customer, Hash64.Of($"customer {number}"), draw.NextBelow(256), heldOut, (IReadOnlyList<Offer>)offers);
        }).OrderBy(one => one.Item2)];
}
