using System.Text.RegularExpressions;

namespace Volna.Tests.Tidy;

/// <summary>The stages lie in the order in which the data flows, which is the alphabet's; a stage uses earlier ones only.</summary>
public sealed partial class StageOrderTests
{
    static readonly string[] Stages = ["Intake", "Learning", "Offers", "Publishing", "Redemptions", "Reports"];
    static readonly string Product = Path.Combine(SharedData.Repository, "src", "Volna");

    [Fact]
    public void The_stage_folders_are_the_stages_in_order() =>
        Assert.Equal(Stages, Directory.GetDirectories(Product).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal));

    [Fact]
    public void A_stage_names_no_later_stage()
    {
        var wrong = from stage in Stages
                    from file in Directory.EnumerateFiles(Path.Combine(Product, stage), "*.cs", SearchOption.AllDirectories)
                    from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
                    from Match match in StageName().Matches(line.Text)
                    where Array.IndexOf(Stages, match.Groups[1].Value) > Array.IndexOf(Stages, stage)
                    select $"{Path.GetRelativePath(Product, file)}:{line.Number}: {line.Text.Trim()}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_vocabulary_at_the_root_names_no_stage()
    {
        var wrong = from file in Directory.EnumerateFiles(Product, "*.cs")
                    from line in File.ReadLines(file)
                    where StageName().IsMatch(line)
                    select $"{Path.GetFileName(file)}: {line.Trim()}";
        Assert.Empty(wrong);
    }

    // In full, or as a neighbour's name seen from within a stage's namespace.
    [GeneratedRegex(@"(?:\bVolna\.|(?<![\w.""/<>])(?=\w+\.[A-Z]\w))(Intake|Learning|Offers|Publishing|Redemptions|Reports)\b")]
    private static partial Regex StageName();
}
