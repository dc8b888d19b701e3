using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Volna.Learning.Trees;

namespace Volna.Learning.Demand;

/// <summary>
/// A Demand model as bytes: its parts one after the other, arrays with their length before them, all little-endian. The same model gives the same
/// bytes. Whoever stores them adds a checksum; here they are taken as whole.
/// </summary>
static class DemandFile
{
    public static byte[] Write(DemandModel model)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Write<int>(bytes, [model.WindowDays, model.Discoveries, model.Market.Day]);
        Write(bytes, [model.Market.ActiveShare]);
        foreach (var weights in (KindWeights[])[model.Weights.Habit, model.Weights.Discovery])
        {
            Write<float>(bytes, weights.Usual);
            Write<float>(bytes, weights.Regression);
            Write<byte>(bytes, weights.Trees?.Save() ?? []);
        }

        Write<ProductFacts>(bytes, model.Market.Products);
        Write<int>(bytes, model.Market.Popular);
        Write<int>(bytes, model.Market.Neighbours.Start);
        Write<Neighbour>(bytes, model.Market.Neighbours.All);
        Write<int>(bytes, [model.Market.Local.Stores]);
        Write<int>(bytes, model.Market.Local.Cities);
        Write<int>(bytes, model.Market.Local.Start);
        Write<LocalProduct>(bytes, model.Market.Local.All);
        Write<int>(bytes, model.Market.Outlook.Categories);
        Write<int>(bytes, [model.Market.Outlook.Cities]);
        Write<float>(bytes, model.Market.Outlook.Lifts);
        return bytes.WrittenSpan.ToArray();
    }

    public static DemandModel Read(ReadOnlySpan<byte> bytes)
    {
        var numbers = Read<int>(ref bytes);
        var activeShare = Read<float>(ref bytes)[0];
        var weights = new DemandWeights(ReadWeights(ref bytes), ReadWeights(ref bytes));
        var market = new Market(
            numbers[2], activeShare, Read<ProductFacts>(ref bytes), Read<int>(ref bytes), new ItemToItem(Read<int>(ref bytes), Read<Neighbour>(ref bytes)),
            new LocalPopularity(Read<int>(ref bytes)[0], Read<int>(ref bytes), Read<int>(ref bytes), Read<LocalProduct>(ref bytes)),
            new Outlook(Read<int>(ref bytes), Read<int>(ref bytes)[0], Read<float>(ref bytes)));
        return new DemandModel(market, weights, numbers[0], numbers[1]);
    }

    static KindWeights ReadWeights(ref ReadOnlySpan<byte> bytes)
    {
        var usual = Read<float>(ref bytes);
        var regression = Read<float>(ref bytes);
        var trees = Read<byte>(ref bytes);
        return new KindWeights(regression, trees.Length == 0 ? null : BoostedTrees.Load(trees, "demand.bin"), usual);
    }

    static void Write<T>(ArrayBufferWriter<byte> bytes, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(4), values.Length);
        bytes.Advance(4);
        bytes.Write(MemoryMarshal.AsBytes(values));
    }

    static T[] Read<T>(ref ReadOnlySpan<byte> bytes)
        where T : unmanaged
    {
        var values = new T[BinaryPrimitives.ReadInt32LittleEndian(bytes)];
        var target = MemoryMarshal.AsBytes(values.AsSpan());
        bytes.Slice(4, target.Length).CopyTo(target);
        bytes = bytes[(4 + target.Length)..];
        return values;
    }
}
