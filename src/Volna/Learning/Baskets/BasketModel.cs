namespace Volna.Learning.Baskets;

/// <summary>
/// What a customer's next basket will hold, told from her baskets so far and from the customers most like her. A customer is the sum of her baskets,
/// the older the lighter (temporal item frequency: Hu, He, Gao, Zhang, "Modeling Personalized Item Frequency Information for Next-basket
/// Recommendation", 2020). Unlike there, a neighbour does not speak by all she bought but by her last basket: it is what customers like her went on to
/// buy, in the season of the others' last baskets. The neighbours are exact: an inverted index adds up the likeness of all customers who share a product.
/// </summary>
public sealed class BasketModel
{
    const int Format = 1;
    const string Kind = "baskets";

    internal BasketModel(BasketOptions options, float[] rarity, int[] buyersStart, int[] buyers, float[] buyersWeight, int[] lastStart, int[] last, float[] popular)
    {
        Options = options;
        Rarity = rarity;
        BuyersStart = buyersStart;
        Buyers = buyers;
        BuyersWeight = buyersWeight;
        LastStart = lastStart;
        Last = last;
        Popular = popular;
    }

    public BasketOptions Options { get; }

    /// <summary>Products known, numbered from 0.</summary>
    public int Products => Rarity.Length;

    internal int Customers => LastStart.Length - 1;

    /// <summary>By product, what it counts in likeness.</summary>
    internal float[] Rarity { get; }

    /// <summary>By product, the customers who bought it and how much it is of each (vectors of length 1).</summary>
    internal int[] BuyersStart { get; }

    internal int[] Buyers { get; }

    internal float[] BuyersWeight { get; }

    /// <summary>By customer, her last basket: what she speaks for as a neighbour.</summary>
    internal int[] LastStart { get; }

    internal int[] Last { get; }

    /// <summary>By product, its share of all last baskets, each basket counting the same.</summary>
    internal float[] Popular { get; }

    /// <summary>The same with other options of ranking; those of learning must be the same.</summary>
    internal BasketModel With(BasketOptions options) => new(options, Rarity, BuyersStart, Buyers, BuyersWeight, LastStart, Last, Popular);

    /// <summary>Learns from customers' baskets, oldest first; products are numbers from 0.</summary>
    public static BasketModel Fit(IReadOnlyList<int[][]> customers, int products, BasketOptions options)
    {
        var kept = customers.Where(baskets => baskets is [.., [_, ..]]).ToList();
        var rarity = RarityOf(kept, products, options.RarityPower);
        var vector = new BasketVector(products);
        var start = new int[products + 1];
        foreach (var baskets in kept)
        {
            vector.Read(baskets, options.Decay);
            foreach (var product in vector.Products) start[product + 1]++;
        }

        for (var i = 0; i < products; i++) start[i + 1] += start[i];
        var next = start[..^1];
        var buyers = new int[start[^1]];
        var weights = new float[start[^1]];
        for (var customer = 0; customer < kept.Count; customer++)
        {
            vector.Read(kept[customer], options.Decay);
            var perLength = 1 / vector.Length(rarity);
            foreach (var product in vector.Products)
            {
                buyers[next[product]] = customer;
                weights[next[product]++] = vector[product] * rarity[product] * perLength;
            }
        }

        var lastStart = new int[kept.Count + 1];
        var popular = new float[products];
        for (var customer = 0; customer < kept.Count; customer++)
        {
            var last = kept[customer][^1];
            lastStart[customer + 1] = lastStart[customer] + last.Length;
            foreach (var product in last) popular[product] += 1f / ((float)last.Length * kept.Count);
        }

        return new BasketModel(options, rarity, start, buyers, weights, lastStart, [.. kept.SelectMany(baskets => baskets[^1])], popular);
    }

    public byte[] Save() => new ModelBytes(Kind, Format)
        .Add<float>([Options.Decay, Options.RarityPower, Options.LikenessPower, Options.OwnPower, Options.Own, Options.Popular])
        .Add<int>([Options.Neighbours])
        .Add<float>(Rarity).Add<int>(BuyersStart).Add<int>(Buyers).Add<float>(BuyersWeight).Add<int>(LastStart).Add<int>(Last).Add<float>(Popular)
        .Finish();

    /// <param name="file">For messages.</param>
    /// <exception cref="BadInputException">The bytes are damaged, or those of another model or format.</exception>
    public static BasketModel Load(ReadOnlySpan<byte> bytes, string file)
    {
        var reader = new ModelBytes.Reader(bytes, Kind, Format, file);
        var weights = reader.Take<float>();
        var options = new BasketOptions
        {
            Decay = weights[0],
            RarityPower = weights[1],
            LikenessPower = weights[2],
            OwnPower = weights[3],
            Own = weights[4],
            Popular = weights[5],
            Neighbours = reader.Take<int>()[0],
        };
        return new BasketModel(
            options, reader.Take<float>(), reader.Take<int>(), reader.Take<int>(), reader.Take<float>(), reader.Take<int>(), reader.Take<int>(), reader.Take<float>());
    }

    static float[] RarityOf(List<int[][]> customers, int products, float power)
    {
        var buyers = new int[products];
        foreach (var baskets in customers)
            foreach (var product in baskets.SelectMany(basket => basket).Distinct()) buyers[product]++;
        return Array.ConvertAll(buyers, count => power == 0 ? 1 : (float)Math.Pow(Math.Log((customers.Count + 1.0) / (count + 0.5)), power));
    }
}
