using Volna.Intake.Files;

namespace Volna.Tests.Intake.Files;

public sealed class MappingTests
{
    [Fact]
    public void A_wrong_mapping_is_refused_with_its_place()
    {
        Refused("""[{"file": "*", "kind": "receipts", "colour": "red"}]""", "m.json: line 1", "colour");
        Refused("[{\"file\": \"*\",\n\"kind\": \"receipts\",\n\"columns\": {\"time\": 5}}]", "m.json: line 3", "columns");
        Refused("[{\"file\": \"*\",\n", "m.json: line 2");
        Refused("""[{"file": "*"}]""", "m.json: line 1", "kind");
        Refused("[]", "m.json", "found none");
        Refused("hello", "m.json: line 1, column 1: isn't JSON");
        Refused("{}", "m.json: line 1, $: has another form than expected");
        Refused("""[{"file": "*", "kind": "receipts", "kind": "stock"}]""", "kind", "stands there twice");
        Refused("""[{"file": 5, "kind": "receipts"}]""", "$[0].file: has another form than expected");
        Refused("""[{"kind": "receipts", "colour": "red"}]""", "$[0].colour: there is no such setting");
        Refused("""[{"file": "*", "kind": "chairs"}]""", "[0]", "`chairs`", "receipts");
        Refused("""[{"file": "*", "kind": "receipts", "columns": {"tyme": "T"}}]""", "`tyme`", "time");
        Refused("""[{"file": "*", "kind": "receipts", "encoding": "klingon"}]""", "`klingon`", "windows-1251");
        Refused("""[{"file": "*", "kind": "receipts", "encoding": "shift_jis"}]""", "`shift_jis`");
        Refused("""[{"file": "*", "kind": "receipts", "delimiter": ";;"}]""", "`;;`");
        Refused("""[{"file": "*", "kind": "receipts", "decimalSign": "'"}]""", "`'`");
        Refused("""[{"file": "*", "kind": "receipts", "dates": ["dd.MM.yy"]}]""", "`dd.MM.yy`");
        Refused("""[{"file": "*", "kind": "receipts", "returns": {"column": "a", "matches": "("}}]""", "`(`");
    }

    [Fact]
    public void The_first_entry_whose_name_fits_holds()
    {
        var mapping = Mapping.Parse("""
            [
              // Comments are allowed.
              {"file": "trans*.csv*", "kind": "receipts"},
              {"file": "*.csv", "kind": "receipts", "delimiter": ";"},
            ]
            """, "m.json");
        Assert.Equal(",", mapping.For("transactions.csv.gz")!.Delimiter);
        Assert.Equal(";", mapping.For("other.csv")!.Delimiter);
        Assert.Null(mapping.For("other.txt"));
    }

    [Fact]
    public void The_samples_are_right()
    {
        foreach (var sample in (string[])["online-retail.json", "complete-journey.json"])
            Assert.NotEmpty(Mapping.Parse(File.ReadAllText(Path.Combine(SharedData.Repository, "samples", sample)), sample).Files);
    }

    static void Refused(string json, params string[] told)
    {
        var bad = Assert.Throws<BadInputException>(() => Mapping.Parse(json, "m.json"));
        foreach (var part in told) Assert.Contains(part, bad.Sentence.English, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', bad.Sentence.English);

        // The library's words name types of programs, in English.
        Assert.DoesNotContain("Volna.", bad.Sentence.English, StringComparison.Ordinal);
        Assert.DoesNotMatch("JSON (value|property|deserialization|payload)|expected a", bad.Sentence.Russian);
    }
}
