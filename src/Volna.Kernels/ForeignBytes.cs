using System.Runtime.InteropServices;

namespace Volna.Kernels;

/// <summary>
/// Bytes that don't lie on the heap, such as a file mapped into memory, as spans: to read a number through its handle takes longer than to find out which
/// number to read.
/// </summary>
public sealed unsafe class ForeignBytes : IDisposable
{
    readonly SafeBuffer _owner;
    readonly long _length;
    byte* _start;

    /// <param name="owner">Has to be disposed after this.</param>
    public ForeignBytes(SafeBuffer owner)
    {
        _owner = owner;
        _length = checked((long)owner.ByteLength);
        owner.AcquirePointer(ref _start);
    }

    /// <summary>Some of them; not to be read after this was disposed.</summary>
    /// <param name="at">Where the first one begins.</param>
    public ReadOnlySpan<T> Of<T>(long at, int count)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        if (at < 0 || count < 0 || at > _length - ((long)count * sizeof(T))) throw new ArgumentOutOfRangeException(nameof(at), at, $"{count} of {sizeof(T)} bytes aren't within {_length} bytes.");
        return new(_start + at, count);
    }

    public void Dispose()
    {
        if (_start is null) return;
        _start = null;
        _owner.ReleasePointer();
    }
}
