using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Volna.Kernels;

/// <summary>
/// HMAC-SHA-256 (RFC 2104, FIPS 180-4) of short texts under one key: two blocks each, because what the key contributes is hashed once. The system's library takes
/// five times as long, nearly all of it to begin and end; for longer texts it is the better choice.
/// </summary>
public sealed class ShortHmac
{
    public const int LongestText = Block - 9, LongestKey = Block, Length = 32;

    const int Block = 64, Words = 8;

    static readonly uint[] s_first = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    readonly uint[] _inner, _outer;

    public ShortHmac(ReadOnlySpan<byte> key)
    {
        if (key.Length > LongestKey) throw new ArgumentException($"The key has {key.Length} bytes; at most {LongestKey} are hashed here.", nameof(key));
        _inner = Begun(key, 0x36);
        _outer = Begun(key, 0x5c);
    }

    public void Compute(ReadOnlySpan<byte> text, Span<byte> mac)
    {
        if (text.Length > LongestText) throw new ArgumentException($"The text has {text.Length} bytes; at most {LongestText} are hashed here.", nameof(text));
        Span<byte> digest = stackalloc byte[Length];
        HashLast(_inner, text, digest);
        HashLast(_outer, digest, mac);
    }

    static uint[] Begun(ReadOnlySpan<byte> key, byte pad)
    {
        Span<byte> block = stackalloc byte[Block];
        block.Clear();
        key.CopyTo(block);
        foreach (ref var one in block) one ^= pad;
        var state = (uint[])s_first.Clone();
        Add(state, block);
        return state;
    }

    /// <summary>Hashes the second and last block of a message.</summary>
    static void HashLast(ReadOnlySpan<uint> begun, ReadOnlySpan<byte> text, Span<byte> digest)
    {
        Span<byte> block = stackalloc byte[Block];
        block.Clear();
        text.CopyTo(block);
        block[text.Length] = 0x80;
        BinaryPrimitives.WriteInt32BigEndian(block[^sizeof(int)..], (Block + text.Length) * 8);
        Span<uint> state = stackalloc uint[Words];
        begun.CopyTo(state);
        Add(state, block);
        for (var i = 0; i < Words; i++) BinaryPrimitives.WriteUInt32BigEndian(digest[(i * sizeof(uint))..], state[i]);
    }

    /// <summary>The compression function of SHA-256.</summary>
    [SkipLocalsInit]
    static void Add(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[64];
        for (var i = 0; i < 16; i++) w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * sizeof(uint))..]);
        for (var i = 16; i < w.Length; i++)
        {
            var (near, far) = (w[i - 2], w[i - 15]);
            w[i] = w[i - 16] + w[i - 7]
                + (BitOperations.RotateRight(far, 7) ^ BitOperations.RotateRight(far, 18) ^ (far >> 3))
                + (BitOperations.RotateRight(near, 17) ^ BitOperations.RotateRight(near, 19) ^ (near >> 10));
        }

        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var i = 0; i < w.Length; i++)
        {
            var first = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25)) + ((e & f) ^ (~e & g)) + Rounds[i] + w[i];
            var second = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    // The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    static ReadOnlySpan<uint> Rounds =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];
}
