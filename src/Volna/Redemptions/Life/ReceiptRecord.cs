using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Volna.Redemptions.Life;

/// <summary>
/// A receipt's bytes in the journal. Whole numbers are variable-length (7 bits a byte, lowest first; signed ones folded so that small ones stay short),
/// texts are UTF-8 with their length before. The first byte is the version.
/// </summary>
static class ReceiptRecord
{
    const byte Version = 1;

    public static void Write(ArrayBufferWriter<byte> to, Receipt receipt)
    {
        var writer = new Writer(to);
        writer.Byte(Version);
        writer.Text(receipt.Id);
        writer.Hash(receipt.Content);
        writer.Byte((byte)receipt.State);
        writer.Text(receipt.Store);
        writer.Number(receipt.Day);
        writer.Number(receipt.ReservedUntil);
        writer.Number(receipt.Lines.Length);
        foreach (var line in receipt.Lines)
        {
            writer.Text(line.Id);
            writer.Number(line.Quantity);
            writer.Number(line.Total);
            writer.Number(line.Discount);
            writer.Number(line.BasketDiscount);
            writer.Number(line.Points);
            writer.Number(line.BasketPoints);
            writer.Number(line.Returned);
        }

        writer.Number(receipt.Uses.Length);
        foreach (var use in receipt.Uses)
        {
            writer.Text(use.Wave);
            writer.Number(use.Customer);
            writer.Number(use.Index);
            writer.Number(use.Target);
            writer.Text(use.Payer);
            writer.Number(use.Line);
            writer.Byte((byte)use.Was);
            writer.Byte((byte)use.Is);
            writer.Value(use.Before);
            writer.Value(use.Value);
        }

        writer.Number(receipt.Answers.Length);
        foreach (var answer in receipt.Answers)
        {
            writer.Byte((byte)answer.Call);
            writer.Text(answer.Key);
            writer.Text(answer.Part);
            writer.Hash(answer.Content);
            writer.Number(answer.Body.Length);
            writer.Bytes(answer.Body);
        }
    }

    /// <param name="withAnswers">False leaves the answers' bodies empty, for who doesn't look at them: they are half of all.</param>
    public static Receipt Read(ReadOnlySpan<byte> bytes, bool withAnswers = true)
    {
        var reader = new Reader(bytes);
        if (reader.Byte() is not Version and var version) throw new InvalidOperationException($"A receipt in the journal has version {version}; this program reads version {Version}.");
        var receipt = new Receipt
        {
            Id = reader.Text(),
            Content = reader.Hash(),
            State = (ReceiptState)reader.Byte(),
            Store = reader.Text(),
            Day = (int)reader.Number(),
            ReservedUntil = reader.Number(),
        };
        var lines = new SoldLine[reader.Number()];
        for (var i = 0; i < lines.Length; i++) lines[i] = new SoldLine(reader.Text(), reader.Number(), reader.Number(), reader.Number(), reader.Number(), reader.Number(), reader.Number(), reader.Number());
        var uses = new Use[reader.Number()];
        for (var i = 0; i < uses.Length; i++)
            uses[i] = new Use(
                reader.Text(), (int)reader.Number(), (int)reader.Number(), reader.Number(), reader.Text(), (int)reader.Number(),
                (RightState)reader.Byte(), (RightState)reader.Byte(), reader.Value(), reader.Value());
        var answers = new Answered[reader.Number()];
        for (var i = 0; i < answers.Length; i++) answers[i] = new Answered((TillCall)reader.Byte(), reader.Text(), reader.Text(), reader.Hash(), Body(reader.Bytes((int)reader.Number())));
        if (!reader.IsAtEnd) throw new InvalidOperationException($"Receipt {receipt.Id} in the journal has bytes after its end.");
        return receipt with { Lines = lines, Uses = uses, Answers = answers };

        byte[] Body(ReadOnlySpan<byte> body) => withAnswers ? body.ToArray() : [];
    }

    readonly ref struct Writer(ArrayBufferWriter<byte> to)
    {
        public void Byte(byte value)
        {
            to.GetSpan(1)[0] = value;
            to.Advance(1);
        }

        public void Number(long value)
        {
            var folded = unchecked((ulong)((value << 1) ^ (value >> 63)));
            var span = to.GetSpan(10);
            var length = 0;
            for (; folded >= 0x80; folded >>= 7) span[length++] = unchecked((byte)(folded | 0x80));
            span[length++] = (byte)folded;
            to.Advance(length);
        }

        public void Text(string text)
        {
            var length = Encoding.UTF8.GetByteCount(text);
            Number(length);
            to.Advance(Encoding.UTF8.GetBytes(text, to.GetSpan(length + 1)));
        }

        public void Hash(UInt128 hash)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(to.GetSpan(16), hash);
            to.Advance(16);
        }

        public void Bytes(ReadOnlySpan<byte> bytes) => to.Write(bytes);

        public void Value(UseValue value)
        {
            Number(value.Quantity);
            Number(value.Paid);
            Number(value.Discount);
            Number(value.Points);
        }
    }

    ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> _rest = bytes;

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public byte Byte()
        {
            var value = _rest[0];
            _rest = _rest[1..];
            return value;
        }

        public long Number()
        {
            ulong folded = 0;
            for (var shift = 0; ; shift += 7)
            {
                var part = Byte();
                folded |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80) return (long)(folded >> 1) ^ -(long)(folded & 1);
            }
        }

        public string Text() => Encoding.UTF8.GetString(Bytes((int)Number()));

        public UInt128 Hash() => BinaryPrimitives.ReadUInt128LittleEndian(Bytes(16));

        public ReadOnlySpan<byte> Bytes(int length)
        {
            var part = _rest[..length];
            _rest = _rest[length..];
            return part;
        }

        public UseValue Value() => new(Number(), Number(), Number(), Number());
    }
}
