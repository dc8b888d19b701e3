using Volna.Intake.History;

namespace Volna.Tests.Intake.History;

public sealed class BlockTests
{
    [Fact]
    public void What_was_packed_comes_out_again()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var customers = new SortedDictionary<int, PurchaseLine[]>();
            for (var i = random.Next(0, 30); i > 0; i--)
                customers[random.Next(2) == 0 ? random.Next(1, 100) : random.Next(1, int.MaxValue)] = Lines(random, random.Next(3) switch { 0 => 1, 1 => random.Next(0, 20), _ => random.Next(0, 3_000) });
            var blocks = Pack(customers);
            foreach (var (first, last, _) in blocks) Assert.True(first <= last, $"seed {seed}");
            AssertSame(customers, Unpack(blocks), $"seed {seed}");
        }
    }

    [Fact]
    public void Edges_survive()
    {
        PurchaseLine[] lines =
        [
            new(0, 0, 0, 0, 0, 0, 0),
            new(ulong.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, long.MaxValue, long.MaxValue),
            new(1, int.MaxValue, int.MinValue, int.MinValue, int.MinValue, long.MinValue, long.MinValue),
            new(1, int.MinValue, 1, 1, -1_000, -1, -1),
            new(1, 5, 1, 1, 1_000, 1, 0),
        ];
        var customers = new SortedDictionary<int, PurchaseLine[]> { [1] = lines, [int.MaxValue] = lines };
        AssertSame(customers, Unpack(Pack(customers)), "edges");
        Assert.Empty(Pack([]));
    }

    [Fact]
    public void A_flipped_bit_is_noticed()
    {
        var (_, _, block) = Assert.Single(Pack(new() { [7] = Lines(new Random(1), 20) }));
        for (var at = 0; at < block.Length; at++)
        {
            block[at] ^= 4;
            var damaged = Assert.Throws<BadInputException>(() => new BlockReader(block, "shard-03.db: a block"));
            Assert.Contains("shard-03.db", damaged.Message, StringComparison.Ordinal);
            block[at] ^= 4;
        }
    }

    [Fact]
    public void Customers_come_in_ascending_order() =>
        Assert.Throws<InvalidOperationException>(() =>
        {
            var writer = new BlockWriter((_, _, _) => { });
            writer.Add(2, []);
            writer.Add(1, []);
        });

    static void AssertSame(SortedDictionary<int, PurchaseLine[]> expected, IEnumerable<(int Customer, PurchaseLine[] Lines)> actual, string from)
    {
        var found = actual.ToList();
        Assert.True(expected.Keys.SequenceEqual(found.Select(customer => customer.Customer)), from);
        foreach (var (customer, lines) in found) Assert.True(expected[customer].AsSpan().SequenceEqual(lines), $"{from}, customer {customer}");
    }

    static PurchaseLine[] Lines(Random random, int count)
    {
        var lines = new PurchaseLine[count];
        for (var i = 0; i < count; i++)
            lines[i] = i > 0 && random.Next(3) > 0
                ? lines[i - 1] with { Product = random.Next(0, 50_000), PaidMinor = random.Next(-100_000, 100_000) }
                : new PurchaseLine((ulong)random.NextInt64(), random.Next(0, 20_000_000), random.Next(0, 500), random.Next(0, 50_000),
                    random.Next(4) switch { 0 => 1_000, 1 => random.Next(1, 20) * 1_000, 2 => -1_000, _ => random.Next(-5_000, 5_000) },
                    random.NextInt64(-1L << random.Next(63), 1L << random.Next(63)), random.Next(2) * random.Next(0, 10_000));
        return new CustomerHistory(new CustomerId(1), lines).Lines.ToArray();
    }

    static List<(int First, int Last, byte[] Bytes)> Pack(SortedDictionary<int, PurchaseLine[]> customers)
    {
        var blocks = new List<(int, int, byte[])>();
        var writer = new BlockWriter((first, last, bytes) => blocks.Add((first, last, bytes.ToArray())));
        foreach (var (customer, lines) in customers) writer.Add(customer, lines);
        writer.Finish();
        return blocks;
    }

    static IEnumerable<(int, PurchaseLine[])> Unpack(List<(int First, int Last, byte[] Bytes)> blocks)
    {
        foreach (var (_, _, bytes) in blocks)
        {
            var reader = new BlockReader(bytes, "test");
            while (reader.Next())
            {
                var history = new CustomerHistory();
                reader.Unpack(history);
                yield return (reader.Customer, history.Lines.ToArray());
            }
        }
    }
}
