using System.IO;
using System.Reflection;

namespace Volna.Intake.Files;

/// <summary>Writes files to fill in: one for each kind, a mapping file, a plan.</summary>
public static class TemplatesStore
{
    /// <summary>Templates that are no tables: embedded as <c>Volna.STAGE.Templates.NAME</c>.</summary>
    static readonly string[] Others = ["mapping.json", "plan.json"];

    /// <summary>The name and content of every template.</summary>
    public static IEnumerable<(string Name, string Content)> All() =>
        FileFormats.All.Select(format => ($"{format.Kind}.csv", format.Template()))
            .Concat(Others.Select(name => (Name: name, Content: Embedded(name))).Where(other => other.Content is not null).Select(other => (other.Name, other.Content!)));

    /// <summary>Writes the templates that aren't in the folder yet; never overwrites.</summary>
    /// <returns>Paths, and whether each was written or stood there already.</returns>
    public static IReadOnlyList<(string Path, bool Written)> Write(string folder, bool dryRun)
    {
        if (!dryRun) Directory.CreateDirectory(folder);
        var answer = new List<(string, bool)>();
        foreach (var (name, content) in All())
        {
            var path = Path.Combine(folder, name);
            var isNew = !File.Exists(path);
            if (isNew && !dryRun)
            {
                using var writer = new StreamWriter(new FileStream(path, FileMode.CreateNew));
                writer.Write(content);
            }

            answer.Add((path, isNew));
        }

        return answer;
    }

    static string? Embedded(string name)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var resource = assembly.GetManifestResourceNames().FirstOrDefault(resource => resource.EndsWith(".Templates." + name, StringComparison.Ordinal));
        if (resource is null) return null;
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
