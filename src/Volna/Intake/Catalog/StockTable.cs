using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Volna.Intake.Catalog;

/// <summary>Pieces on stock by store and product. Sorted side by side, because a chain has millions of them: 12 bytes each where a dictionary takes forty.</summary>
sealed class StockTable : IReadOnlyDictionary<(int Store, int Product), Quantity>
{
    readonly Dictionary<int, (List<int> Products, List<Quantity> Pieces)> _stores = [];

    public IReadOnlySet<int> Stores => _stores.Keys.ToHashSet();

    public int Count => _stores.Values.Sum(store => store.Products.Count);

    public IEnumerable<(int Store, int Product)> Keys => this.Select(entry => entry.Key);

    public IEnumerable<Quantity> Values => this.Select(entry => entry.Value);

    public Quantity this[(int Store, int Product) key] => TryGetValue(key, out var pieces) ? pieces : throw new KeyNotFoundException($"No stock is known of product {key.Product} in store {key.Store}.");

    /// <summary>Adds a product of a store, each once and in any order; <see cref="Sort"/> comes before the first question.</summary>
    public void Add(int store, int product, Quantity pieces)
    {
        ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(_stores, store, out var known);
        if (!known) own = ([], []);
        own.Products.Add(product);
        own.Pieces.Add(pieces);
    }

    public void Sort()
    {
        foreach (var (products, pieces) in _stores.Values) CollectionsMarshal.AsSpan(products).Sort(CollectionsMarshal.AsSpan(pieces));
    }

    public bool ContainsKey((int Store, int Product) key) => TryGetValue(key, out _);

    public bool TryGetValue((int Store, int Product) key, [MaybeNullWhen(false)] out Quantity value)
    {
        var place = _stores.TryGetValue(key.Store, out var own) ? own.Products.BinarySearch(key.Product) : -1;
        value = place < 0 ? default : own.Pieces[place];
        return place >= 0;
    }

    public IEnumerator<KeyValuePair<(int Store, int Product), Quantity>> GetEnumerator()
    {
        foreach (var (store, (products, pieces)) in _stores)
            for (var place = 0; place < products.Count; place++)
                yield return new((store, products[place]), pieces[place]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
