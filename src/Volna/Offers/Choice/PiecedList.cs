namespace Volna.Offers.Choice;

/// <summary>
/// A long list in pieces of one size: nothing is copied when it grows, and once cleared its room serves again. Growing lists of hundreds of megabytes would leave
/// as much behind them.
/// </summary>
sealed class PiecedList<T>
{
    const int PieceLength = 1 << 16;

    readonly List<T[]> _pieces = [];

    public int Count { get; private set; }

    /// <summary>What it holds, in order.</summary>
    public IEnumerable<ReadOnlyMemory<T>> Pieces
    {
        get
        {
            for (var from = 0; from < Count; from += PieceLength) yield return _pieces[from / PieceLength].AsMemory(0, Math.Min(PieceLength, Count - from));
        }
    }

    public void Add(T item) => Add([item]);

    public void Add(ReadOnlySpan<T> items)
    {
        while (!items.IsEmpty)
        {
            var (piece, at) = Math.DivRem(Count, PieceLength);
            if (piece == _pieces.Count) _pieces.Add(new T[PieceLength]);
            var length = Math.Min(items.Length, PieceLength - at);
            items[..length].CopyTo(_pieces[piece].AsSpan(at));
            items = items[length..];
            Count += length;
        }
    }

    public void Clear() => Count = 0;

    public T[] ToArray()
    {
        var array = new T[Count];
        var at = 0;
        foreach (var piece in Pieces)
        {
            piece.CopyTo(array.AsMemory(at));
            at += piece.Length;
        }

        return array;
    }
}
