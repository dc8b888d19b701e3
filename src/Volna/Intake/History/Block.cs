using System.Buffers.Binary;
using Volna.Kernels;

namespace Volna.Intake.History;

// How purchases are packed. A block holds some customers by ascending number, whole customers only. Everything is a variable-length number
// (seven bits a byte, the eighth says that more follow) of a difference to what stood before, which is small because things are sorted:
//
//   block     CRC-32C of the rest, then per customer: number - number before, bytes of its groups, groups
//   group     minute - minute before, receipt (8 bytes as they are), store, lines; the lines of a receipt with one time and store
//   line      product - product before, shifted left by 3, with 1 bit "has a discount" and 2 bits of quantity: one piece, whole pieces,
//             anything else, one piece back; then the quantity if not told by these bits; paid; the discount if there is one
//
// Numbers that may be negative are folded (0, -1, 1, -2 ... become 0, 1, 2, 3 ...). A line takes about eight bytes.

/// <summary>Packs customers into blocks.</summary>
/// <param name="write">Takes a finished block: first customer, last customer, bytes (valid during the call).</param>
sealed class BlockWriter(Action<int, int, ReadOnlyMemory<byte>> write)
{
    const int FullBytes = 60_000;
    const int MostBytesOfLine = 64;

    byte[] _block = new byte[1 << 17];
    byte[] _groups = new byte[1 << 12];
    int _length = sizeof(uint);
    int _first;
    int _last;

    /// <summary>Adds a customer, whose number lies above that of the one before.</summary>
    /// <param name="lines">Sorted as in <see cref="CustomerHistory"/>.</param>
    public void Add(int customer, ReadOnlySpan<PurchaseLine> lines)
    {
        if (customer <= _last) throw new InvalidOperationException($"Customer {customer} was packed after {_last}.");
        var needed = lines.Length * MostBytesOfLine;
        if (_groups.Length < needed) _groups = new byte[needed * 2];
        var length = PackGroups(lines);

        if (_length > sizeof(uint) && _length + length > FullBytes) Finish();
        if (_first == 0) _first = customer;
        if (_block.Length < _length + length + 20) Array.Resize(ref _block, (_length + length + 20) * 2);
        _length += Packed.Write(_block.AsSpan(_length), (ulong)(customer - (_length == sizeof(uint) ? 0 : _last)));
        _length += Packed.Write(_block.AsSpan(_length), (ulong)length);
        _groups.AsSpan(0, length).CopyTo(_block.AsSpan(_length));
        _length += length;
        _last = customer;
    }

    /// <summary>Hands out the last block.</summary>
    public void Finish()
    {
        if (_first == 0) return;
        BinaryPrimitives.WriteUInt32LittleEndian(_block, Crc32C.Of(_block.AsSpan(sizeof(uint), _length - sizeof(uint))));
        write(_first, _last, _block.AsMemory(0, _length));
        (_first, _length) = (0, sizeof(uint));
    }

    int PackGroups(ReadOnlySpan<PurchaseLine> lines)
    {
        var to = _groups.AsSpan();
        int at = 0, minute = 0;
        for (var i = 0; i < lines.Length;)
        {
            ref readonly var head = ref lines[i];
            var count = 1;
            while (i + count < lines.Length && lines[i + count] is var next && next.Minute == head.Minute && next.Receipt == head.Receipt && next.Store == head.Store) count++;

            at += Packed.Write(to[at..], Packed.Fold((long)head.Minute - minute));
            BinaryPrimitives.WriteUInt64LittleEndian(to[at..], head.Receipt);
            at += sizeof(ulong);
            at += Packed.Write(to[at..], Packed.Fold(head.Store));
            at += Packed.Write(to[at..], (ulong)count);
            minute = head.Minute;

            var product = 0;
            foreach (ref readonly var line in lines.Slice(i, count))
            {
                var quantity = line.QuantityThousandths;
                var form = quantity == 1_000 ? 0UL : quantity == -1_000 ? 3UL : quantity > 0 && quantity % 1_000 == 0 ? 1UL : 2UL;
                at += Packed.Write(to[at..], (Packed.Fold((long)line.Product - product) << 3) | (line.DiscountMinor != 0 ? 4UL : 0) | form);
                product = line.Product;
                if (form == 1) at += Packed.Write(to[at..], (ulong)(quantity / 1_000));
                if (form == 2) at += Packed.Write(to[at..], Packed.Fold(quantity));
                at += Packed.Write(to[at..], Packed.Fold(line.PaidMinor));
                if (line.DiscountMinor != 0) at += Packed.Write(to[at..], Packed.Fold(line.DiscountMinor));
            }

            i += count;
        }

        return at;
    }
}

/// <summary>Walks through the customers of a block.</summary>
struct BlockReader
{
    readonly byte[] _block;
    int _next;
    int _groups;

    /// <param name="name">For the message.</param>
    /// <exception cref="BadInputException">The block was damaged on the disk.</exception>
    public BlockReader(byte[] block, string name)
    {
        if (block.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(block) != Crc32C.Of(block.AsSpan(sizeof(uint))))
            throw new BadInputException("history-damaged", new Text(
                $"{name}: its checksum is wrong; the file was damaged on the disk. Restore it from a backup, or import the receipts anew into another folder.",
                $"{name}: контрольная сумма не сходится, файл повреждён на диске. Восстановите его из копии или загрузите чеки заново в другую папку."));
        _block = block;
        _next = sizeof(uint);
    }

    /// <summary>The customer on which the reader stands.</summary>
    public int Customer { get; private set; }

    /// <summary>Goes on to the next customer.</summary>
    /// <returns>False at the end of the block.</returns>
    public bool Next()
    {
        if (_next == _block.Length) return false;
        Customer += (int)Packed.Read(_block, ref _next);
        var length = (int)Packed.Read(_block, ref _next);
        _groups = _next;
        _next += length;
        return true;
    }

    /// <summary>Adds the customer's lines to a history.</summary>
    public readonly void Unpack(CustomerHistory into)
    {
        var block = _block;
        var at = _groups;
        long minute = 0;
        while (at < _next)
        {
            minute += Packed.Unfold(Packed.Read(block, ref at));
            var receipt = BinaryPrimitives.ReadUInt64LittleEndian(block.AsSpan(at));
            at += sizeof(ulong);
            var store = (int)Packed.Unfold(Packed.Read(block, ref at));
            long product = 0;
            for (var left = Packed.Read(block, ref at); left > 0; left--)
            {
                var head = Packed.Read(block, ref at);
                product += Packed.Unfold(head >> 3);
                var quantity = (head & 3) switch
                {
                    0 => 1_000,
                    1 => (int)Packed.Read(block, ref at) * 1_000,
                    2 => (int)Packed.Unfold(Packed.Read(block, ref at)),
                    _ => -1_000,
                };
                var paid = Packed.Unfold(Packed.Read(block, ref at));
                var discount = (head & 4) == 0 ? 0 : Packed.Unfold(Packed.Read(block, ref at));
                into.Add(new PurchaseLine(receipt, (int)minute, store, (int)product, quantity, paid, discount));
            }
        }
    }
}

/// <summary>Variable-length numbers and their checksum.</summary>
static class Packed
{
    public static int Write(Span<byte> to, ulong value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7) to[at++] = (byte)(value & 0x7F | 0x80);
        to[at++] = (byte)value;
        return at;
    }

    public static ulong Read(byte[] from, ref int at)
    {
        ulong value = from[at++];
        if (value < 0x80) return value;
        value &= 0x7F;
        for (var shift = 7; ; shift += 7)
        {
            ulong next = from[at++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }

    public static ulong Fold(long value) => unchecked((ulong)((value << 1) ^ (value >> 63)));

    public static long Unfold(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));
}
