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
    int _last;

    // The upper half of a key's hash, and its number: most keys that differ are told apart without looking at them.
    ulong[] _slots = new ulong[1 << 9];

    /// <summary>The highest number given.</summary>
    public int Count { get; private set; }

    /// <summary>Number of a key, 0 if it isn't known.</summary>
    public int Find(ReadOnlySpan<byte> key) => Number(_slots[Slot(key, Hash64.Of(key))]);

    /// <summary>Number of a key; a new key gets the next number.</summary>
    public int NumberOf(ReadOnlySpan<byte> key)
    {
        // Lines of one receipt have the same customer and store.
        if (_last != 0 && BytesOf(_last).SequenceEqual(key)) return _last;
        var hash = Hash64.Of(key);
        var slot = Slot(key, hash);
        return _last = _slots[slot] != 0 ? Number(_slots[slot]) : Add(key, hash, slot);
    }

    /// <summary>XXH64 of a key, seed 0.</summary>
    public ulong HashOf(int number) => _hashes[number];

    public ReadOnlySpan<byte> BytesOf(int number) => _bytes.AsSpan(_ends[number - 1].._ends[number]);

    public string KeyOf(int number) => Encoding.UTF8.GetString(BytesOf(number));

    int Slot(ReadOnlySpan<byte> key, ulong hash)
    {
        var mask = (uint)_slots.Length - 1;
        var slot = unchecked((uint)hash) & mask;
        while (_slots[slot] is var held && held != 0 && (held >> 32 != hash >> 32 || !BytesOf(Number(held)).SequenceEqual(key)))
            slot = (slot + 1) & mask;
        return (int)slot;
    }

    static int Number(ulong slot) => unchecked((int)slot);

    static ulong Held(ulong hash, int number) => (hash & 0xFFFF_FFFF_0000_0000) | (uint)number;

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
        _slots[slot] = Held(hash, number);
        if (Count * 2 >= _slots.Length) Grow();
        return number;
    }

    void Grow()
    {
        _slots = new ulong[_slots.Length * 2];
        var mask = (uint)_slots.Length - 1;
        for (var number = 1; number <= Count; number++)
        {
            var slot = unchecked((uint)_hashes[number]) & mask;
            while (_slots[slot] != 0) slot = (slot + 1) & mask;
            _slots[slot] = Held(_hashes[number], number);
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
