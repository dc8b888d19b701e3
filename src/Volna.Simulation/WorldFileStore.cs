using System.Text.Json;

namespace Volna.Simulation;

/// <summary>Worlds as files of JSON: a field for each option, those left out stand at their defaults.</summary>
public static class WorldFileStore
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    static readonly HashSet<string> Known = [.. JsonSerializer.SerializeToNode(new WorldOptions(), Json)!.AsObject().Select(field => field.Key)];

    /// <exception cref="BadInputException">There is no such file, or it says something a world doesn't have.</exception>
    public static WorldOptions Read(string path)
    {
        if (!File.Exists(path)) throw new BadInputException("world-missing", new Text($"{path}: there is no such file.", $"{path}: такого файла нет."));
        return Parse(File.ReadAllText(path), path);
    }

    /// <param name="name">Of the file, for messages.</param>
    /// <exception cref="BadInputException">The text says something a world doesn't have.</exception>
    public static WorldOptions Parse(string text, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw NoWorld(name, "", new Text("an object", "объект"));
            var fields = new HashSet<string>();
            foreach (var field in document.RootElement.EnumerateObject().Select(field => field.Name))
            {
                if (!Known.Contains(field))
                    throw new BadInputException("world-file", new Text(
                        $"{name}: a world has no field \"{field}\"; known: {string.Join(", ", Known)}.",
                        $"{name}: у мира нет поля «{field}»; известны: {string.Join(", ", Known)}."));
                if (!fields.Add(field)) throw new BadInputException("world-file", new Text($"{name}: the field \"{field}\" is given twice.", $"{name}: поле «{field}» указано дважды."));
            }

            var options = document.RootElement.Deserialize<WorldOptions>(Json)!;
            options.Validate();
            return options;
        }
        catch (JsonException wrong)
        {
            throw NoWorld(name, wrong.Path is { Length: > 2 } path ? $", {path[2..]}" : wrong.LineNumber is { } line ? $":{line + 1}" : "", new Text("a valid JSON value of that field", "допустимое для поля значение JSON"));
        }
    }

    public static void Write(string path, WorldOptions options) => File.WriteAllText(path, JsonSerializer.Serialize(options, Json) + "\n");

    static BadInputException NoWorld(string name, string place, Text expected) =>
        new("world-file", new Text($"{name}{place}: expected {expected.English}.", $"{name}{place}: ожидается {expected.Russian}."));
}
