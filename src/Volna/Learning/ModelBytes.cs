using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Volna.Kernels;

namespace Volna.Learning;

/// <summary>
/// A small model as bytes: its kind and format, its arrays one after the other with their length before them, all little-endian, and a CRC-32C of all that.
/// The same model gives the same bytes.
/// </summary>
sealed class ModelBytes
{
    readonly ArrayBufferWriter<byte> _bytes = new();

    /// <param name="kind">Such as <c>baskets</c>.</param>
    /// <param name="format">Grows when the arrays change; a program reads only its own.</param>
    public ModelBytes(string kind, int format)
    {
        Add<char>(kind);
        Add<int>([format]);
    }

    public ModelBytes Add<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(4), values.Length);
        _bytes.Advance(4);
        _bytes.Write(MemoryMarshal.AsBytes(values));
        return this;
    }

    public ModelBytes Add(SparseRows rows) => Add<int>(rows.Start).Add<int>(rows.Places).Add<float>(rows.Weights);

    public byte[] Finish()
    {
        var bytes = new byte[_bytes.WrittenCount + 4];
        _bytes.WrittenSpan.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(_bytes.WrittenCount), Crc32C.Of(_bytes.WrittenSpan));
        return bytes;
    }

    /// <summary>The arrays of a model, to be taken in the order in which they were added.</summary>
    public ref struct Reader
    {
        ReadOnlySpan<byte> _rest;

        /// <param name="file">For messages.</param>
        /// <exception cref="BadInputException">The bytes are damaged, of another kind or of another format.</exception>
        public Reader(ReadOnlySpan<byte> bytes, string kind, int format, string file)
        {
            if (bytes.Length < 16 || Crc32C.Of(bytes[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]))
                throw new BadInputException("model-damaged", new Text(
                    $"{file}: the model is damaged (its checksum doesn't fit its {bytes.Length} bytes); learn it again.",
                    $"{file}: модель повреждена (контрольная сумма не сходится с её {bytes.Length} байтами); обучите её заново."));
            _rest = bytes[..^4];
            var foundKind = new string(Take<char>());
            var foundFormat = foundKind == kind ? Take<int>()[0] : 0;
            if (foundKind != kind || foundFormat != format)
                throw new BadInputException("model-format", new Text(
                    $"{file}: the model is {foundKind} of format {foundFormat}, expected {kind} of format {format}; learn it again.",
                    $"{file}: модель вида {foundKind}, формат {foundFormat}, ожидался {kind}, формат {format}; обучите её заново."));
        }

        public SparseRows TakeRows() => new(Take<int>(), Take<int>(), Take<float>());

        public T[] Take<T>()
            where T : unmanaged
        {
            var values = new T[BinaryPrimitives.ReadInt32LittleEndian(_rest)];
            var target = MemoryMarshal.AsBytes(values.AsSpan());
            _rest.Slice(4, target.Length).CopyTo(target);
            _rest = _rest[(4 + target.Length)..];
            return values;
        }
    }
}
