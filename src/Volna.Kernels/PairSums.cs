using System.Numerics;

namespace Volna.Kernels;

/// <summary>
/// Exact sums of pairs of whole numbers and of their products: quick to add to, the same in any order, and without a rounding that could eat a small
/// spread of large numbers. From them come the <see cref="VectorMoments"/> of both.
/// </summary>
public struct PairSums
{
    long _count;
    Int128 _x, _y, _xx, _xy, _yy;

    public readonly long Count => _count;

    public readonly bool IsZero => _xx == 0 && _yy == 0;

    public void Add(long x, long y)
    {
        // Most pairs have a zero: who bought of something before didn't buy of it within.
        _count++;
        if (x != 0)
        {
            _x += x;
            _xx += Product(x, x);
            if (y != 0) _xy += Product(x, y);
        }

        if (y == 0) return;
        _y += y;
        _yy += Product(y, y);
    }

    public void Merge(in PairSums other)
    {
        _count += other._count;
        (_x, _y) = (_x + other._x, _y + other._y);
        (_xx, _xy, _yy) = (_xx + other._xx, _xy + other._xy, _yy + other._yy);
    }

    /// <summary>The same pairs with another x, one and the same in all.</summary>
    public readonly PairSums WithX(long x) => new() { _count = _count, _x = (Int128)x * _count, _y = _y, _xx = Product(x, x) * _count, _xy = x * _y, _yy = _yy };

    /// <summary>The moments of so many pairs; those that weren't added are zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More were added.</exception>
    public readonly VectorMoments ToMoments(long count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, _count);
        if (count == 0) return new VectorMoments(2);
        return new VectorMoments(count, [Mean(_x), Mean(_y)], [Centred(_xx, _x, _x), Centred(_xy, _x, _y), Centred(_yy, _y, _y)]);

        double Mean(Int128 sum) => (double)sum / count;

        // Sum of products less the product of the sums over the count, exact until the last step.
        double Centred(BigInteger products, BigInteger one, BigInteger other) => (double)((products * count) - (one * other)) / count;
    }

    static Int128 Product(long one, long other)
    {
        var high = Math.BigMul(one, other, out var low);
        return new Int128((ulong)high, (ulong)low);
    }
}
