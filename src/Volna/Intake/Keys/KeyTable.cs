using System.Text;
using Volna.Kernels;

namespace Volna.Intake.Keys;

/// <summary>
/// Our numbers of the retailer's keys, dense from 1 in the order of first appearance. An open-addressed table over the keys' UTF-8 bytes, which
/// stand one after another in one array: millions of keys without an object each, and no text is made to look one up.
/// </summary>
sealed class KeyTable
{
    byte[] _bytes = new byte[1 << 12];
    int[] _ends = new int[1 << 8];
    ulong[] _hashes = new ulong[1 << 8];
    int[] _slots = new int[1 << 9];

    /// <summary>The highest number given.</summary>
    public int Count { get; private set; }

    /// <summary>Number of a key, 0 if it isn't known.</summary>
    public int Find(ReadOnlySpan<byte> key) => _slots[Slot(key, Hash64.Of(key))];

    /// <summary>Number of a key; a new key gets the next number.</summary>
    public int NumberOf(ReadOnlySpan<byte> key)
    {
        var hash = Hash64.Of(key);
        var slot = Slot(key, hash);
        return _slots[slot] != 0 ? _slots[slot] : Add(key, hash, slot);
    }

    /// <summary>XXH64 of a key, seed 0.</summary>
    public ulong HashOf(int number) => _hashes[number];

    public ReadOnlySpan<byte> BytesOf(int number) => _bytes.AsSpan(_ends[number - 1].._ends[number]);

    public string KeyOf(int number) => Encoding.UTF8.GetString(BytesOf(number));

    int Slot(ReadOnlySpan<byte> key, ulong hash)
    {
        var mask = _slots.Length - 1;
        var slot = (int)(hash & (uint)mask);
        while (_slots[slot] is var number && number != 0 && (_hashes[number] != hash || !BytesOf(number).SequenceEqual(key)))
            slot = (slot + 1) & mask;
        return slot;
    }

    int Add(ReadOnlySpan<byte> key, ulong hash, int slot)
    {
        var number = ++Count;
        if (number == _ends.Length)
        {
            Array.Resize(ref _ends, number * 2);
            Array.Resize(ref _hashes, number * 2);
        }

        var start = _ends[number - 1];
        var end = start + key.Length;
        if (end > _bytes.Length) Array.Resize(ref _bytes, Math.Max(end, _bytes.Length * 2));
        key.CopyTo(_bytes.AsSpan(start));
        _ends[number] = end;
        _hashes[number] = hash;
        _slots[slot] = number;
        if (Count * 2 >= _slots.Length) Grow();
        return number;
    }

    void Grow()
    {
        _slots = new int[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var number = 1; number <= Count; number++)
        {
            var slot = (int)(_hashes[number] & (uint)mask);
            while (_slots[slot] != 0) slot = (slot + 1) & mask;
            _slots[slot] = number;
        }
    }
}

/// <summary>The keys of an installation.</summary>
sealed class KeyTables
{
    public KeyTable Customers { get; } = new();

    public KeyTable Products { get; } = new();

    public KeyTable Stores { get; } = new();
}
