using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Volna.Intake.Catalog;

namespace Volna.Offers.Pack;

// The offer pack's bytes, little-endian: a header of 192 bytes, then five sections without gaps:
//
//   offers        16 bytes each, the offers of a customer together, in the order of customers
//   hashes         8 bytes each, customers' key hashes, ascending: what a look-up searches
//   terms         56 bytes each, the distinct (target, shelf price, floor, amount, pieces) in the order of first use
//   propensities   8 bytes each, the distinct probabilities in the order of first use
//   customers     12 bytes each, in the order of hashes
//
// That is 20 bytes an offer at 5 offers a customer. The digest is SHA-256 over the sections, then the header's counts and validity; the header
// is signed (HMAC-SHA-256). Offers come first because they can be written while they are made.

[StructLayout(LayoutKind.Sequential, Pack = 1)]
struct PackHeader
{
    public const ulong MagicNumber = 0x4B4341504E4C4F56; // "VOLNPACK"
    public const int CurrentVersion = 2;

    public static int Size => Unsafe.SizeOf<PackHeader>();

    public ulong Magic;
    public int Version;
    public int HeaderSize;
    public PackContents Contents;
    public SectionChecks Crc;
    public Bytes32 Digest;
    public Bytes72 WaveId;

    /// <summary>Over all bytes before it.</summary>
    public Bytes32 Signature;
}

/// <summary>The part of the header that belongs to the digest.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
struct PackContents
{
    public int Offers, Customers, Terms, Propensities, ValidFromDay, ValidUntilDay;

    public static long OffersAt => PackHeader.Size;
    public readonly long HashesAt => OffersAt + ((long)Offers * Unsafe.SizeOf<OfferRow>());
    public readonly long TermsAt => HashesAt + ((long)Customers * sizeof(ulong));
    public readonly long PropensitiesAt => TermsAt + ((long)Terms * Unsafe.SizeOf<TermsRow>());
    public readonly long CustomersAt => PropensitiesAt + ((long)Propensities * sizeof(double));
    public readonly long End => CustomersAt + ((long)Customers * Unsafe.SizeOf<CustomerRow>());
}

/// <summary>CRC-32C of each section.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
struct SectionChecks
{
    public uint Offers, Hashes, Terms, Propensities, Customers;
}

[StructLayout(LayoutKind.Sequential, Pack = 1)]
struct OfferRow
{
    public int Terms;
    public int Because;
    public ushort DepthBasisPoints;
    public ushort Propensity;
    public byte Slot;
    public byte Mechanic;
    public byte Reason;
    public byte Unused;
}

[StructLayout(LayoutKind.Sequential, Pack = 1)]
readonly record struct TermsRow(long RegularPriceMinor, long FloorMinor, int Target, int TargetKind, long AmountMinor, long LeastTotalMinor, long MostPiecesThousandths, int Buy, int Free);

[StructLayout(LayoutKind.Sequential, Pack = 1)]
struct CustomerRow
{
    public int Customer;
    public int FirstOffer;
    public ushort Offers;
    public byte Segment;

    /// <summary>Held out in the lowest bit, closed channels above it.</summary>
    public byte Flags;

    public readonly bool HeldOut => (Flags & 1) != 0;

    public readonly Channels Closed => (Channels)(Flags >> 1);

    public static byte FlagsOf(bool heldOut, Channels closed) => (byte)((heldOut ? 1 : 0) | ((int)closed << 1));
}

[InlineArray(32)]
struct Bytes32
{
    byte _first;
}

[InlineArray(72)]
struct Bytes72
{
    byte _first;
}
