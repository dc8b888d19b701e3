namespace Volna.Simulation;

/// <summary>All customers with their states, moved on in time together. Customers don't meet, so any number of threads gives the same receipts.</summary>
sealed class Population
{
    /// <summary>Customers of one piece of parallel work; fixed, because it decides the order of receipts within a day.</summary>
    public const int ChunkSize = 500;

    readonly World _world;
    readonly ReceiptBook[,] _books;

    public Population(World world, int? threads = null)
        : this(world, 0, world.Options.Customers + world.Newcomers, threads)
    {
    }

    /// <summary>Some of the customers only, by their numbers.</summary>
    public Population(World world, int first, int count, int? threads)
    {
        _world = world;
        Threads = new ParallelOptions { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount };
        Shoppers = new Shopper[count];
        States = new ShopperState[Shoppers.Length];
        Offers = new ShopperOffers[Shoppers.Length];
        Array.Fill(Offers, ShopperOffers.None);
        Chunks = (Shoppers.Length + ChunkSize - 1) / ChunkSize;
        _books = new ReceiptBook[Chunks, 7];
        Parallel.For(0, Chunks, Threads, chunk =>
        {
            for (var day = 0; day < 7; day++) _books[chunk, day] = new ReceiptBook();
            foreach (var place in Places(chunk))
            {
                Shoppers[place] = world.Shopper(first + place);
                States[place] = new ShopperState(Shoppers[place]);
            }
        });
    }

    Population(World world, Population from)
    {
        _world = world;
        Threads = from.Threads;
        Shoppers = from.Shoppers;
        States = [.. from.States.Select(state => state.Copy())];
        Offers = new ShopperOffers[Shoppers.Length];
        Array.Fill(Offers, ShopperOffers.None);
        Chunks = from.Chunks;
        _books = new ReceiptBook[Chunks, 7];
        for (var chunk = 0; chunk < Chunks; chunk++)
            for (var day = 0; day < 7; day++)
                _books[chunk, day] = new ReceiptBook();
    }

    /// <summary>The same customers as they are now, to go another way in a fork of their world; without offers.</summary>
    public Population Fork(World world) => new(world, this);

    /// <summary>By place, as all that follows: where all customers are there, a customer's place is her number.</summary>
    public Shopper[] Shoppers { get; }

    public ShopperState[] States { get; }

    /// <summary>What each customer was offered; <see cref="ShopperOffers.None"/> at first.</summary>
    public ShopperOffers[] Offers { get; }

    public int Chunks { get; }

    public ParallelOptions Threads { get; }

    /// <summary>Lets up to seven days pass; each chunk's books of the days, in order, go to <paramref name="use"/>, on many threads.</summary>
    public void Live(int firstDay, int days, Action<int, ReadOnlyMemory<ReceiptBook>> use)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, 7);
        Parallel.For(0, Chunks, Threads, chunk =>
        {
            var books = new ReceiptBook[days];
            for (var day = 0; day < days; day++)
            {
                books[day] = _books[chunk, day];
                books[day].Clear();
            }

            foreach (var place in Places(chunk))
                for (var day = 0; day < days; day++)
                    ShoppingDay.Live(_world, Shoppers[place], States[place], Offers[place], firstDay + day, books[day]);
            use(chunk, books);
        });
    }

    IEnumerable<int> Places(int chunk) => Enumerable.Range(chunk * ChunkSize, Math.Min(ChunkSize, Shoppers.Length - (chunk * ChunkSize)));
}
