using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Volna.Learning.Demand;
using Volna.Learning.Portraits;

namespace Volna.Learning;

/// <summary>
/// Trained models on disk: a folder each, such as <c>models/0003-5f2a9c01</c> with the first digits of the checksum, holding <c>model.json</c>
/// (the card) and <c>demand.bin</c>. A model is written aside and renamed, so one that is there is whole; it is never changed. <c>models/promotions.json</c>
/// tells which of them waves are made with.
/// </summary>
public sealed partial class ModelStore(DataFolder folder)
{
    const int Format = 5;
    const string CardFile = "model.json", DemandFileName = "demand.bin", Aside = ".new-", PromotionsFile = "promotions.json";

    static readonly TimeSpan MostWait = TimeSpan.FromMinutes(1);

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
    public (string Version, bool IsNew) Save(TrainedDemand trained, string snapshotId, DateTimeOffset createdAt, PortraitSet? portraits = null)
    {
        using var alone = Lock();
        var bytes = DemandFile.Write(trained.Model);
        var checksum = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var newest = Newest;
        if (newest is not null && FindCard(newest) is { } last && last.Checksum == checksum && last.SnapshotId == snapshotId && (portraits is null || last.Portraits is not null)) return (newest, false);

        var version = string.Create(CultureInfo.InvariantCulture, $"{(newest is null ? 0 : Number(newest)) + 1:0000}-{checksum[..8]}");
        foreach (var left in Directory.EnumerateDirectories(folder.Models, Aside + "*")) Directory.Delete(left, recursive: true);
        var aside = Path.Combine(folder.Models, Aside + version);
        Directory.CreateDirectory(aside);
        var card = new ModelCard(Format, checksum, snapshotId, trained.Model.Day, createdAt, trained.Options, trained.Remarks, trained.BackTest) { Asked = trained.Asked, Portraits = portraits, Series = trained.Series };
        WriteDurably(Path.Combine(aside, DemandFileName), bytes);
        WriteDurably(Path.Combine(aside, CardFile), JsonSerializer.SerializeToUtf8Bytes(card, Json));
        Directory.Move(aside, Path.Combine(folder.Models, version));
        return (version, true);
    }

    /// <summary>The version that waves are made with, such as <c>0003-5f2a9c01</c>: the one promoted last, where nothing was promoted yet the newest; null without models.</summary>
    public string? Present => Standing() is [.., var present] ? present : Newest;

    /// <summary>
    /// True where a person chose the present model although a newer one was there that was learnt in the same way, as by taking that back: then waves keep to it until she chooses
    /// again, or another way of learning proves better.
    /// </summary>
    public bool IsPresentHeld => Promotions() is [.., { Reason: PromotionReason.ByPerson or PromotionReason.RolledBack } last] && FindCard(last.Version)?.Way is { } way
        && Versions().SkipWhile(version => version != last.Version).Skip(1).Any(newer => FindCard(newer) is { } card && card.Way == way && card.CreatedAt <= last.At);

    /// <summary>All promotions, oldest first.</summary>
    /// <exception cref="BadInputException">Their file is damaged.</exception>
    public IReadOnlyList<Promotion> Promotions()
    {
        var path = Path.Combine(folder.Models, PromotionsFile);
        if (!File.Exists(path)) return [];
        try
        {
            return JsonSerializer.Deserialize<List<Promotion>>(File.ReadAllBytes(path), Json)!;
        }
        catch (JsonException)
        {
            throw new BadInputException("promotions-damaged", new Text(
                $"{path}: isn't a list of promotions; delete it and name the model with `volna learn --promote VERSION`.",
                $"{path}: это не список выбранных моделей; удалите его и назовите модель через `volna learn --promote ВЕРСИЯ`."));
        }
    }

    /// <summary>Makes waves from now on use a model.</summary>
    /// <exception cref="BadInputException">There is no such model, or it is damaged.</exception>
    public void Promote(string version, PromotionReason reason, string by, DateTimeOffset at)
    {
        Load(version);
        using var alone = Lock();
        Keep([.. Promotions(), new Promotion(version, reason, by, at)]);
    }

    /// <summary>Takes the last promotion back.</summary>
    /// <returns>The version that waves are made with from now on.</returns>
    /// <exception cref="BadInputException">No model was promoted before it, or that one is damaged.</exception>
    public string RollBack(string by, DateTimeOffset at)
    {
        using var alone = Lock();
        if (Standing() is not [.., var before, _])
            throw new BadInputException("no-earlier-model", new Text(
                $"{folder.Models}: no model was in use before {Present ?? "any"}; there is nothing to roll back to.",
                $"{folder.Models}: до {Present ?? "неё"} другой модели в работе не было; откатывать не к чему."));
        Load(before);
        Keep([.. Promotions(), new Promotion(before, PromotionReason.RolledBack, by, at)]);
        return before;
    }

    /// <summary>Others of this and other programs wait; held for as long as a model takes to be written.</summary>
    FileStream Lock()
    {
        Directory.CreateDirectory(folder.Models);
        FileStream? held = null;
        return SpinWait.SpinUntil(() => (held = TryLock()) is not null, MostWait) ? held! : throw new BadInputException("models-busy", new Text(
            $"{folder.Models}: another run of Volna has been writing there for {MostWait.TotalSeconds:N0} seconds; try again when it has ended.",
            $"{folder.Models}: другой запуск Volna пишет сюда уже {MostWait.TotalSeconds:N0} с; повторите, когда он закончится."));
    }

    FileStream? TryLock()
    {
        try
        {
            return new FileStream(Path.Combine(folder.Models, ".lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1);
        }
        catch (IOException busy) when (busy is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    /// <summary>The promoted versions that weren't taken back.</summary>
    List<string> Standing()
    {
        var standing = new List<string>();
        foreach (var promotion in Promotions())
        {
            if (promotion.Reason == PromotionReason.RolledBack) standing.RemoveAt(standing.Count - 1);
            else standing.Add(promotion.Version);
        }

        return standing;
    }

    void Keep(IReadOnlyList<Promotion> promotions)
    {
        var (path, aside) = (Path.Combine(folder.Models, PromotionsFile), Path.Combine(folder.Models, Aside + PromotionsFile));
        File.Delete(aside);
        WriteDurably(aside, JsonSerializer.SerializeToUtf8Bytes(promotions, Json));
        File.Move(aside, path, overwrite: true);
    }

    /// <summary>The model that waves are made with, and its version.</summary>
    /// <exception cref="BadInputException">No model was learnt yet, or its file is damaged or from another version.</exception>
    public (string Version, DemandModel Model) LoadPresent()
    {
        var version = Present ?? throw new BadInputException("no-model", new Text(
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

    /// <summary>The card of a model, or null where no wave can be made with it any more: it is gone, damaged or from another version.</summary>
    public ModelCard? FindCard(string version)
    {
        try
        {
            return ReadCard(version);
        }
        catch (BadInputException)
        {
            return null;
        }
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
