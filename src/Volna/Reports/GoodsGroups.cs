using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Volna.Intake.Catalog;
using Volna.Intake.History;

namespace Volna.Reports;

/// <summary>Top category and supplier of each product, as numbers of groups.</summary>
sealed class GoodsTable
{
    /// <summary>Groups a product may belong to.</summary>
    public const int Kinds = 2;

    static readonly int[] None = [-1, -1];

    readonly int[] _groups;

    public GoodsTable(Catalog catalog)
    {
        var numbers = new Dictionary<(Dimension, string), int>();
        _groups = [.. catalog.Products.SelectMany(product => product is null
            ? None : [Number(Dimension.Category, CountJob.TopCategory(catalog, product.Category)), Number(Dimension.Supplier, product.Supplier)])];
        Names = [.. numbers.OrderBy(one => one.Value).Select(one => one.Key)];

        int Number(Dimension dimension, string name)
        {
            if (name.Length == 0) return -1;
            if (!numbers.TryGetValue((dimension, name), out var number)) numbers.Add((dimension, name), number = numbers.Count);
            return number;
        }
    }

    public ImmutableArray<(Dimension Dimension, string Name)> Names { get; }

    public bool IsSame(GoodsTable other) => _groups.AsSpan().SequenceEqual(other._groups) && Names.SequenceEqual(other.Names);

    /// <summary>Of a product, -1 for none.</summary>
    public ReadOnlySpan<int> Of(int product) => (uint)product < (uint)(_groups.Length / Kinds) ? _groups.AsSpan(product * Kinds, Kinds) : None;
}

/// <summary>Groups of the goods of one customer's lines, looked up once for all waves.</summary>
sealed class LineGroups
{
    readonly List<GoodsTable> _tables = [];
    readonly List<List<int>> _groups = [];

    /// <summary>Tables of waves whose goods are the same are one.</summary>
    /// <returns>The number of the table.</returns>
    public int Add(GoodsTable table)
    {
        var at = _tables.FindIndex(table.IsSame);
        if (at >= 0) return at;
        _tables.Add(table);
        _groups.Add([]);
        return _tables.Count - 1;
    }

    public GoodsTable this[int table] => _tables[table];

    /// <summary>The same tables, for another thread.</summary>
    public LineGroups Another()
    {
        var other = new LineGroups();
        foreach (var table in _tables) other.Add(table);
        return other;
    }

    /// <summary>Begins anew with another customer.</summary>
    public void Read(ReadOnlySpan<PurchaseLine> lines)
    {
        for (var table = 0; table < _tables.Count; table++)
        {
            CollectionsMarshal.SetCount(_groups[table], lines.Length * GoodsTable.Kinds);
            var groups = CollectionsMarshal.AsSpan(_groups[table]);
            for (var i = 0; i < lines.Length; i++) _tables[table].Of(lines[i].Product).CopyTo(groups[(i * GoodsTable.Kinds)..]);
        }
    }

    /// <summary>Groups of some lines, <see cref="GoodsTable.Kinds"/> of each.</summary>
    public ReadOnlySpan<int> Of(int table, (int Start, int End) places) =>
        CollectionsMarshal.AsSpan(_groups[table])[(places.Start * GoodsTable.Kinds)..(places.End * GoodsTable.Kinds)];
}
