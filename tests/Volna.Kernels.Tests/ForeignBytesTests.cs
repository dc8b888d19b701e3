using System.Runtime.InteropServices;

namespace Volna.Kernels.Tests;

public sealed class ForeignBytesTests
{
    [Fact]
    public void Numbers_are_read_where_they_lie_and_nothing_beyond_them()
    {
        using var eight = new Eight();
        using var bytes = new ForeignBytes(eight);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], bytes.Of<byte>(0, 8).ToArray());
        Assert.Equal((ushort)0x0504, bytes.Of<ushort>(3, 1)[0]);
        Assert.Equal(0, bytes.Of<long>(8, 0).Length);
        foreach (var (at, count) in ((long, int)[])[(-1, 1), (0, -1), (1, 1), (8, 1), (0, 2), (long.MaxValue, 1), (0, int.MaxValue)])
            Assert.Throws<ArgumentOutOfRangeException>(() => bytes.Of<long>(at, count).Length);
    }

    [Fact]
    public void After_their_end_they_are_refused_and_their_owner_can_go()
    {
        var eight = new Eight();
        var bytes = new ForeignBytes(eight);
        eight.Dispose();
        Assert.Equal(1, bytes.Of<byte>(0, 1)[0]);
        bytes.Dispose();
        bytes.Dispose();
        Assert.True(eight.IsFreed);
        Assert.Throws<ObjectDisposedException>(() => bytes.Of<byte>(0, 1).Length);
    }

    sealed class Eight : SafeBuffer
    {
        public Eight()
            : base(ownsHandle: true)
        {
            SetHandle(Marshal.AllocHGlobal(8));
            Marshal.Copy(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }, 0, handle, 8);
            Initialize(8);
        }

        public bool IsFreed { get; private set; }

        protected override bool ReleaseHandle()
        {
            Marshal.FreeHGlobal(handle);
            return IsFreed = true;
        }
    }
}
