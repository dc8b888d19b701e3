using System.IO;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Volna.Offers.Allocation;

namespace Volna.Offers.Generation;

/// <summary>The valued parts of a wave, opened to be shared out: only the options at work are in memory.</summary>
sealed class PartsToShareStore : IDisposable
{
    readonly List<SafeFileHandle> _files = [];
    readonly List<CustomerBlock> _blocks = [];

    public IReadOnlyList<CustomerBlock> Blocks => _blocks;

    /// <param name="optionsAt">Where in the file the options begin.</param>
    public void Add(string path, ushort[] segments, int[] starts, long optionsAt)
    {
        var file = File.OpenHandle(path);
        _files.Add(file);
        _blocks.Add(new CustomerBlock(segments, starts, Read));

        ReadOnlySpan<Option> Read(int from, int to, scoped ref Option[] room)
        {
            if (room.Length < to - from) room = new Option[BitOperations.RoundUpToPowerOf2((uint)(to - from))];
            var options = room.AsSpan(0, to - from);
            var bytes = MemoryMarshal.AsBytes(options);
            var at = optionsAt + ((long)from * Unsafe.SizeOf<Option>());
            for (var done = 0; done < bytes.Length;)
            {
                var read = RandomAccess.Read(file, bytes[done..], at + done);
                if (read == 0) throw new EndOfStreamException($"{path}: ends before byte {at + done}.");
                done += read;
            }

            return options;
        }
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());
}
