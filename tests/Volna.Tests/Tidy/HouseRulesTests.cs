using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Volna.Tests.Tidy;

/// <summary>Rules of the house that no compiler checks.</summary>
public sealed partial class HouseRulesTests
{
    static readonly string Root = SharedData.Repository;

    static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}artifacts{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    static IEnumerable<(string Place, string Text)> SourceLines() =>
        from folder in (string[])["src", "tests"]
        from file in Files(folder, "*.cs")
        where !file.EndsWith(nameof(HouseRulesTests) + ".cs", StringComparison.Ordinal)
        from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
        select ($"{Path.GetRelativePath(Root, file)}:{line.Number}", line.Text);

    [Fact]
    public void Nothing_is_left_for_later()
    {
        string[] left = [.. SourceLines().Where(line => Leftover().IsMatch(line.Text)).Select(line => $"{line.Place}: {line.Text.Trim()}")];
        Assert.Empty(left);
    }

    [Fact]
    public void No_warning_is_switched_off_in_the_code() =>
        Assert.DoesNotContain(SourceLines(), line => line.Text.Contains("#pragma warning disable", StringComparison.Ordinal));

    [Fact]
    public void Kernels_reference_nothing()
    {
        var project = XDocument.Load(Path.Combine(Root, "src", "Volna.Kernels", "Volna.Kernels.csproj"));
        Assert.DoesNotContain(project.Descendants(), element => element.Name.LocalName.EndsWith("Reference", StringComparison.Ordinal));
    }

    [Fact]
    public void In_the_product_only_kernels_may_be_unsafe() =>
        Assert.Equal(
            ["Volna.Kernels.csproj"],
            Files("src", "*.csproj").Where(file => File.ReadAllText(file).Contains("AllowUnsafeBlocks", StringComparison.Ordinal)).Select(file => Path.GetFileName(file)!));

    [Fact]
    public void Every_project_is_in_the_solution_and_has_a_lock_file()
    {
        var solution = File.ReadAllText(Path.Combine(Root, "Volna.slnx"));
        foreach (var project in Files("src", "*.csproj").Concat(Files("tests", "*.csproj")).Concat(Files("samples", "*.csproj")))
        {
            Assert.Contains(Path.GetFileName(project), solution, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")), $"{project} has no lock file.");
        }
    }

    [Fact]
    public void Package_versions_stand_in_one_place_only() =>
        Assert.Empty(from folder in (string[])["src", "tests", "samples"]
                     from project in Files(folder, "*.csproj")
                     from reference in XDocument.Load(project).Descendants("PackageReference")
                     where reference.Attribute("Version") is not null
                     select $"{Path.GetFileName(project)}: {reference.Attribute("Include")!.Value}");

    [Fact]
    public void Readme_and_guides_stand_in_both_languages()
    {
        Assert.True(File.Exists(Path.Combine(Root, "README.ru.md")));
        foreach (var guide in Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md"))
        {
            // Figures are the same in any language.
            if (Path.GetFileName(guide) == "measurements.md") continue;
            var twin = guide.EndsWith(".ru.md", StringComparison.Ordinal) ? guide.Replace(".ru.md", ".md", StringComparison.Ordinal) : guide.Replace(".md", ".ru.md", StringComparison.Ordinal);
            Assert.True(File.Exists(twin), $"{guide} has no twin in the other language.");
        }
    }

    [Fact]
    public void No_file_is_executable_but_the_scripts()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("skipped: Windows has no such mark");
        var marked = from folder in (string[])["src", "tests", "samples", "docs"]
                     from file in Files(folder, "*")
                     where IsExecutable(file)
                     select Path.GetRelativePath(Root, file);
        Assert.Equal(["tests/planted/run", "tests/run"], marked.Order(StringComparer.Ordinal));
    }

    static bool IsExecutable(string file) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & UnixFileMode.UserExecute) != 0;

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException|Thread\.Sleep\(|Assert\.True\(true\)|#region")]
    private static partial Regex Leftover();
}
