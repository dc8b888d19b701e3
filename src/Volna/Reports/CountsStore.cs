using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;
using Volna.Kernels;

namespace Volna.Reports;

/// <summary>Counts kept on disk, <c>reports/WAVE/counts.json</c>: a report of the same data is made from them at once.</summary>
static class CountsStore
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new MomentsJson() } };

    public static void Save(DataFolder folder, WaveCounts counts) => ReportStore.Write(PathOf(folder, counts.Wave), JsonSerializer.Serialize(counts, Json));

    /// <summary>The counts last kept of a wave; null where there are none, or those of another version of the program.</summary>
    public static WaveCounts? Find(DataFolder folder, string wave)
    {
        var path = PathOf(folder, wave);
        if (!File.Exists(path)) return null;
        var counts = JsonSerializer.Deserialize<WaveCounts>(File.ReadAllText(path), Json);
        return counts is { Version: WaveCounts.NewestVersion } ? counts : null;
    }

    static string PathOf(DataFolder folder, string wave) => $"{folder.Reports}/{wave}/counts.json";

    /// <summary>As <c>[count, means..., centred products of the upper triangle...]</c>, every digit kept.</summary>
    sealed class MomentsJson : JsonConverter<VectorMoments>
    {
        public override VectorMoments Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var numbers = JsonSerializer.Deserialize<double[]>(ref reader, options)!;

            // 1 + size + size (size + 1) / 2 numbers.
            var size = (int)((Math.Sqrt((8.0 * numbers.Length) + 1) - 3) / 2);
            return new VectorMoments((long)numbers[0], numbers.AsSpan(1, size), numbers.AsSpan(1 + size));
        }

        public override void Write(Utf8JsonWriter writer, VectorMoments value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value.Count);
            for (var i = 0; i < value.Size; i++) writer.WriteNumberValue(value.Mean(i));
            for (var i = 0; i < value.Size; i++)
                for (var j = i; j < value.Size; j++)
                    writer.WriteNumberValue(value.Products(i, j));
            writer.WriteEndArray();
        }
    }
}
