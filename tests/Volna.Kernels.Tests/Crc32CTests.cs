using System.Text;

namespace Volna.Kernels.Tests;

public sealed class Crc32CTests
{
    // The check value of CRC-32C, and RFC 3720, B.4: 32 bytes of zeros.
    [Fact]
    public void It_gives_the_published_values()
    {
        Assert.Equal(0xE306_9283, Crc32C.Of(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0x8A91_36AA, Crc32C.Of(new byte[32]));
    }

    [Fact]
    public void Pieces_give_what_the_whole_gives()
    {
        var bytes = Enumerable.Range(0, 100).Select(number => (byte)(number * 2)).ToArray();
        for (var cut = 0; cut <= bytes.Length; cut++)
            Assert.Equal(Crc32C.Of(bytes), Crc32C.Finish(Crc32C.Add(Crc32C.Add(Crc32C.Start, bytes.AsSpan(0, cut)), bytes.AsSpan(cut))));
    }
}
