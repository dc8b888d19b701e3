using Volna.Kernels;
using Volna.Offers.Choice;

namespace Volna.Tests.Offers.Choice;

public sealed class PiecedListTests
{
    /// <summary>Across the borders of pieces, and again in the room of what was cleared.</summary>
    [Fact]
    public void It_holds_what_was_added_in_order()
    {
        var seed = (ulong)(uint)TestSize.Seed();
        var draw = new Draw(seed, "items", 0);
        var list = new PiecedList<int>();
        for (var turn = 0; turn < 3; turn++)
        {
            list.Clear();
            var expected = new List<int>();
            var length = 150_000 >> turn;
            while (expected.Count < length)
            {
                int[] items = [.. Enumerable.Range(0, draw.NextBelow(5_000)).Select(item => (turn * 1_000_000) + expected.Count + item)];
                if (items.Length == 1) list.Add(items[0]);
                else list.Add(items);
                expected.AddRange(items);
            }

            Assert.Equal(expected.Count, list.Count);
            Assert.True(expected.SequenceEqual(list.ToArray()), $"seed {seed}, turn {turn}");
            Assert.True(expected.SequenceEqual(list.Pieces.SelectMany(piece => piece.ToArray())), $"seed {seed}, turn {turn}");
        }
    }
}
