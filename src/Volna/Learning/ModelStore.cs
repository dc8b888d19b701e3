using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Volna.Learning.Demand;

namespace Volna.Learning;

/// <summary>
/// Trained models on disk: a folder each, such as <c>models/0003-5f2a9c01</c> with the first digits of the checksum, holding <c>model.json</c>
/// (the card) and <c>demand.bin</c>. A model is written aside and renamed, so one that is there is whole; it is never changed.
/// </summary>
public sealed partial class ModelStore(DataFolder folder)
{
    const int Format = 2;
    const string CardFile = "model.json", DemandFileName = "demand.bin", Aside = ".new-";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Versions, oldest first.</summary>
    public IReadOnlyList<string> Versions() => !Directory.Exists(folder.Models) ? [] :
    [
        .. Directory.EnumerateDirectories(folder.Models).Select(path => Path.GetFileName(path)).Where(name => VersionName().IsMatch(name)).OrderBy(Number),
    ];

    /// <summary>Keeps a model as the newest; where the newest is the very same, nothing is written.</summary>
    /// <returns>The version, and whether it is new.</returns>
    public (string Version, bool IsNew) Save(TrainedDemand trained, string snapshotId, DateTimeOffset createdAt)
    {
        var bytes = DemandFile.Write(trained.Model);
        var checksum = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var newest = Newest;
        if (newest is not null && ReadCard(newest) is var last && last.Checksum == checksum && last.SnapshotId == snapshotId) return (newest, false);

        var version = string.Create(CultureInfo.InvariantCulture, $"{(newest is null ? 0 : Number(newest)) + 1:0000}-{checksum[..8]}");
        Directory.CreateDirectory(folder.Models);
        foreach (var left in Directory.EnumerateDirectories(folder.Models, Aside + "*")) Directory.Delete(left, recursive: true);
        var aside = Path.Combine(folder.Models, Aside + version);
        Directory.CreateDirectory(aside);
        var card = new ModelCard(Format, checksum, snapshotId, trained.Model.Day, createdAt, trained.Options, trained.Remarks, trained.BackTest);
        WriteDurably(Path.Combine(aside, DemandFileName), bytes);
        WriteDurably(Path.Combine(aside, CardFile), JsonSerializer.SerializeToUtf8Bytes(card, Json));
        Directory.Move(aside, Path.Combine(folder.Models, version));
        return (version, true);
    }

    /// <summary>The newest model and its version, such as <c>0003-5f2a9c01</c>.</summary>
    /// <exception cref="BadInputException">No model was learnt yet, or its file is damaged or from another version.</exception>
    public (string Version, DemandModel Model) LoadLatest()
    {
        var version = Newest ?? throw new BadInputException("no-model", new Text(
            $"{folder.Models}: no model was learnt yet; run `volna learn` first.",
            $"{folder.Models}: модель ещё не обучена; сначала выполните `volna learn`."));
        return (version, Load(version));
    }

    /// <exception cref="BadInputException">There is no such model, or its file is damaged or from another version.</exception>
    public DemandModel Load(string version)
    {
        var card = ReadCard(version);
        var path = Path.Combine(folder.Models, version, DemandFileName);
        if (!File.Exists(path)) throw Damaged(path, "there is no such file", "такого файла нет");
        var bytes = File.ReadAllBytes(path);
        var found = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return found == card.Checksum ? DemandFile.Read(bytes) : throw Damaged(
            path, $"its checksum is {found[..8]}..., expected {card.Checksum[..8]}...", $"контрольная сумма {found[..8]}..., ожидалась {card.Checksum[..8]}...");
    }

    /// <exception cref="BadInputException">There is no such model, or its card is damaged or from another version.</exception>
    public ModelCard ReadCard(string version)
    {
        var path = Path.Combine(folder.Models, version, CardFile);
        if (!VersionName().IsMatch(version) || !Directory.Exists(Path.GetDirectoryName(path)))
            throw new BadInputException("model-unknown", new Text(
                $"{folder.Models}: there is no model {version}; `volna learn --list` shows those that are there.",
                $"{folder.Models}: нет модели {version}; `volna learn --list` покажет имеющиеся."));
        if (!File.Exists(path)) throw Damaged(path, "there is no such file", "такого файла нет");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var format = json.RootElement.GetProperty("format").GetInt32();
            if (format != Format)
                throw new BadInputException("model-format", new Text(
                    $"{path}: the model has format {format}, this version of Volna reads {Format}; run `volna learn` again.",
                    $"{path}: формат модели {format}, эта версия Volna читает {Format}; выполните `volna learn` ещё раз."));
            return json.Deserialize<ModelCard>(Json)!;
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Damaged(path, "it is no model card", "это не описание модели");
        }
    }

    string? Newest => Versions() is [.., var newest] ? newest : null;

    static int Number(string version) => int.Parse(version.AsSpan(0, version.IndexOf('-')), CultureInfo.InvariantCulture);

    static BadInputException Damaged(string path, string english, string russian) => new("model-damaged", new Text(
        $"{path}: the model is damaged ({english}); delete its folder and run `volna learn` again.",
        $"{path}: модель повреждена ({russian}); удалите её папку и выполните `volna learn` ещё раз."));

    static void WriteDurably(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    [GeneratedRegex("^[0-9]{4,9}-[0-9a-f]{8}$")]
    private static partial Regex VersionName();
}
