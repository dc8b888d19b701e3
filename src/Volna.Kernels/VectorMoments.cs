using System.Numerics;
using System.Runtime.InteropServices;

namespace Volna.Kernels;

/// <summary>
/// <see cref="Moments"/> of several numbers at once (outcomes of a customer and what was known of her before) with all their covariances,
/// mergeable likewise. Everything that a difference, a ratio or a regression needs, without a row kept.
/// </summary>
public sealed class VectorMoments
{
    readonly double[] _means;

    // Rows of whole machine words, so that no row has a remainder: what stands beyond the size, and below the diagonal, isn't read.
    readonly double[] _products;
    readonly double[] _deltas;
    readonly int _words;

    /// <param name="size">How many numbers each customer has.</param>
    public VectorMoments(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        _words = (size + Vector<double>.Count - 1) / Vector<double>.Count;
        (_means, _products, _deltas) = (new double[size], new double[size * Stride], new double[Stride]);
    }

    /// <summary>Moments as they were kept.</summary>
    /// <param name="upperProducts">The upper triangle of the centred products, row by row.</param>
    public VectorMoments(long count, ReadOnlySpan<double> means, ReadOnlySpan<double> upperProducts)
        : this(means.Length)
    {
        if (upperProducts.Length != Size * (Size + 1) / 2)
            throw new ArgumentException($"{upperProducts.Length} products were given, {Size * (Size + 1) / 2} expected.", nameof(upperProducts));
        Count = count;
        means.CopyTo(_means);
        var at = 0;
        for (var i = 0; i < Size; i++)
            for (var j = i; j < Size; j++)
                _products[(i * Stride) + j] = upperProducts[at++];
    }

    /// <summary>How many numbers each customer has.</summary>
    public int Size => _means.Length;

    int Stride => _words * Vector<double>.Count;

    /// <summary>How many customers were added.</summary>
    public long Count { get; private set; }

    public double Mean(int i) => _means[i];

    public double Sum(int i) => _means[i] * Count;

    /// <summary>Sum of the products of both numbers' distances from their means.</summary>
    public double Products(int i, int j) => i <= j ? _products[(i * Stride) + j] : _products[(j * Stride) + i];

    public Moments Of(int i) => new(Count, Mean(i), Products(i, i));

    public PairMoments Of(int x, int y) => new(Count, Mean(x), Mean(y), Products(x, x), Products(y, y), Products(x, y));

    /// <exception cref="ArgumentException">There are more or fewer values than <see cref="Size"/>.</exception>
    public void Add(ReadOnlySpan<double> values)
    {
        if (values.Length != Size) throw new ArgumentException($"{values.Length} values were given, {Size} expected.", nameof(values));
        Count++;
        var share = 1.0 / Count;
        for (var i = 0; i < values.Length; i++)
        {
            _deltas[i] = values[i] - _means[i];
            _means[i] += _deltas[i] * share;
        }

        // (x - mean before) * (y - mean after) = deltaX * deltaY * (n - 1) / n.
        AddProducts(1 - share);
    }

    /// <summary>Adds customers all of whose numbers are zero.</summary>
    public void AddZeros(long count)
    {
        if (count > 0) Merge(new VectorMoments(Size) { Count = count });
    }

    /// <exception cref="ArgumentException">The other one has another size.</exception>
    public void Merge(VectorMoments other)
    {
        if (other.Size != Size) throw new ArgumentException($"Moments of {other.Size} numbers can't be merged with those of {Size}.", nameof(other));
        if (other.Count == 0) return;
        var count = Count + other.Count;
        var share = (double)other.Count / count;
        for (var i = 0; i < _means.Length; i++)
        {
            _deltas[i] = other._means[i] - _means[i];
            _means[i] += _deltas[i] * share;
        }

        for (var i = 0; i < _products.Length; i++) _products[i] += other._products[i];
        AddProducts(Count * share);
        Count = count;
    }

    // Rows from the word that holds the diagonal on, several numbers at once; each number comes out as in a plain loop, whatever the machine's width.
    void AddProducts(double weight)
    {
        var deltas = MemoryMarshal.Cast<double, Vector<double>>(_deltas.AsSpan());
        var products = MemoryMarshal.Cast<double, Vector<double>>(_products.AsSpan());
        for (var i = 0; i < _means.Length; i++)
        {
            var scaled = _deltas[i] * weight;
            if (scaled == 0) continue;
            var first = i / Vector<double>.Count;
            var row = products.Slice((i * _words) + first, _words - first);
            var others = deltas[first..];
            for (var word = 0; word < row.Length; word++) row[word] += others[word] * scaled;
        }
    }
}
