using System.Text.RegularExpressions;

namespace Volna.Server.Tests;

public sealed partial class CommandLineTests : IDisposable
{
    static readonly string[] Names = ["demo", "import", "learn", "plan", "wave", "till", "report", "serve", "key", "schema", "simulate", "doctor", "evaluate", "experiment"];

    public static readonly TheoryData<string> Verbs = [.. Names];

    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Help_lists_every_verb_in_both_languages()
    {
        var english = await VolnaProcess.Run(_folder, "--help");
        var russian = await VolnaProcess.Run(_folder, "--help", "--lang", "ru");
        foreach (var verb in Names)
        {
            Assert.Matches($@"(?m)^  {verb}\b.* {{2,}}[A-Z]", english.Data);
            Assert.Matches($@"(?m)^  {verb}\b.* {{2,}}[А-Я]", russian.Data);
        }

        Assert.DoesNotMatch(Cyrillic(), english.Data);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("wave --help")]
    [InlineData("wave new --help")]
    [InlineData("wave generate --help")]
    [InlineData("import --help")]
    public async Task Help_in_russian_has_no_english_headings(string line)
    {
        var english = await VolnaProcess.Run(_folder, line.Split(' '));
        Assert.StartsWith("Description:", english.Data, StringComparison.Ordinal);
        Assert.DoesNotMatch(Cyrillic(), english.Data);
        var russian = await VolnaProcess.Run(_folder, [.. line.Split(' '), "--lang", "ru"]);
        Assert.StartsWith("Описание:", russian.Data, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"Description:|Usage:|Options:|Commands:|Arguments:|\(REQUIRED\)|\[default: |\[command\]|\[options\]", russian.Data);
        // Columns stand one under the other, as in English.
        var starts = russian.Data.Split('\n').Where(row => row.StartsWith("  --", StringComparison.Ordinal) && row.TrimStart().Contains("  ", StringComparison.Ordinal)).Select(row => Second().Match(row).Index).Distinct();
        Assert.Single(starts.DefaultIfEmpty(0));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Every_verb_has_examples(string verb)
    {
        var help = await VolnaProcess.Run(_folder, verb, "--help", "--lang", "ru");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("Примеры:", help.Data, StringComparison.Ordinal);
        Assert.Contains($"  volna {verb}", help.Data, StringComparison.Ordinal);
        Assert.Empty(help.Remarks);
    }

    [Theory]
    [InlineData("impot", "Unrecognized command or argument 'impot'")]
    [InlineData("learn --no-such-option", "'--no-such-option'")]
    [InlineData("import --max-errors many nothing.csv", "many")]
    [InlineData("learn --lang de", "'de'")]
    [InlineData("simulate", "give --weeks N for a closed loop")]
    [InlineData("simulate --weeks 0", "--weeks: found 0, expected 1 to 52.")]
    [InlineData("simulate --weeks 2 --customers -5", "customers: found -5")]
    [InlineData("simulate --weeks 2 --policies volna,luck", "--policies: found 'luck'")]
    [InlineData("simulate --weeks 2 --world none.json", "none.json: there is no such file.")]
    [InlineData("report period --from 2026-11-26", "--from and --to: give both or neither.")]
    [InlineData("learn --compare --plan p.json --roll-back", "--roll-back: found together with --compare; expected one of them.")]
    [InlineData("learn --list --promote 0001-0a0b0c0d", "--promote: found together with --list; expected one of them.")]
    [InlineData("learn --promote 0001-0a0b0c0d --roll-back", "--roll-back: found together with --promote; expected one of them.")]
    [InlineData("learn --list --window-days 14", "--window-days: found together with --list; expected one of them.")]
    [InlineData("learn --roll-back --seed 3 --lang ru", "--seed: указано вместе с --roll-back; ожидалось одно из двух.")]
    public async Task A_slip_on_the_command_line_is_one_sentence_and_exit_2(string line, string expected)
    {
        var run = await VolnaProcess.Run(_folder, line.Split(' '));
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Data);
        Assert.Contains(expected, Assert.Single(run.Remarks.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("learn")]
    [InlineData("wave list")]
    [InlineData("report 2026-11-26")]
    public async Task A_folder_without_data_is_named_and_nothing_is_made(string line)
    {
        var run = await VolnaProcess.Run(_folder, [.. line.Split(' '), "--data", "nowhere"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("nowhere", Assert.Single(run.Remarks.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Failures_are_told_in_russian_too()
    {
        var run = await VolnaProcess.Run(_folder, "learn", "--lang", "ru");
        Assert.Equal(2, run.ExitCode);
        Assert.Matches(Cyrillic(), run.Remarks);
    }

    [GeneratedRegex("[а-яА-Я]")]
    private static partial Regex Cyrillic();

    [GeneratedRegex("(?<=[^ ] {2,})[^ ]")]
    private static partial Regex Second();
}
