using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Volna.Server.Tests;

public sealed class EvaluateVerbTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_experiment_s_arms_come_as_json_plain_and_adjusted_without_a_data_folder()
    {
        var table = new StringBuilder("group,spend,before\n");
        for (var i = 0; i < 200; i++) table.Append(CultureInfo.InvariantCulture, $"none,{i % 10},{i % 10}\nmail,{(i % 10) + 2},{i % 10}.5\n");
        File.WriteAllText(Path.Combine(_folder, "customers.csv"), table.ToString());

        var run = await VolnaProcess.Run(_folder, "evaluate", "experiment", "--file", "customers.csv", "--arm", "group", "--control", "none", "--outcome", "spend", "--covariates", "before", "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Remarks));
        using var json = JsonDocument.Parse(run.Data);
        var arms = json.RootElement.GetProperty("arms");
        Assert.Equal(JsonValueKind.Null, arms[0].GetProperty("difference").ValueKind);
        Assert.Equal(("mail", 200, 6.5), (arms[1].GetProperty("arm").GetString(), arms[1].GetProperty("n").GetInt32(), Math.Round(arms[1].GetProperty("mean").GetDouble(), 9)));
        Assert.Equal(2, arms[1].GetProperty("difference").GetDouble(), 9);
        Assert.True(arms[1].GetProperty("lower").GetDouble() < 2 && arms[1].GetProperty("upper").GetDouble() > 2 && arms[1].GetProperty("pValue").GetDouble() < 1e-9);
        Assert.Equal("sound", arms[1].GetProperty("adjusted").GetProperty("verdict").GetString());
        Assert.Equal(["customers.csv"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_learner_asked_for_tells_its_Qini_for_each_arm_and_what_can_t_be_one_is_refused()
    {
        // The letter adds to the spend of one half alone, those marked.
        var table = new StringBuilder("group,spend,marked,noise\n");
        for (var i = 0; i < 2_000; i++) table.Append(CultureInfo.InvariantCulture, $"{(i % 2 == 0 ? "none" : "mail")},{(i * 7 % 11) + (i % 2 == 1 && (i / 2) % 2 == 1 ? 10 : 0)},{(i / 2) % 2},{i * 13 % 17}\n");
        File.WriteAllText(Path.Combine(_folder, "customers.csv"), table.ToString());
        string[] asked = ["evaluate", "experiment", "--file", "customers.csv", "--arm", "group", "--control", "none", "--outcome", "spend"];

        var run = await VolnaProcess.Run(_folder, [.. asked, "--learner", "x", "--json"]);
        Assert.Equal((0, ""), (run.ExitCode, run.Remarks));
        using var json = JsonDocument.Parse(run.Data);
        var qini = json.RootElement.GetProperty("qini")[0];
        Assert.Equal(("mail", "x"), (qini.GetProperty("arm").GetString(), qini.GetProperty("learner").GetString()));
        Assert.True(qini.GetProperty("lower").GetDouble() > 0 && qini.GetProperty("lower").GetDouble() <= qini.GetProperty("qini").GetDouble(), run.Data);
        Assert.Contains("Qini of X, mail: ", (await VolnaProcess.Run(_folder, [.. asked, "--learner", "x"])).Data, StringComparison.Ordinal);

        foreach (var (wrong, told) in ((string[], string)[])[
            (["--learner", "forest"], "volna: --learner: found 'forest', expected best, two-models, x, transformed or r.\n"),
            (["--learner", "x", "--strata", "marked"], "volna: --learner: found together with --per, --strata or --delimiter; expected none of them, because whom an arm changes is learnt from single customers' outcomes in a CSV.\n"),
            (["--covariates", "marked,spend"], "volna: --covariates: found `spend`, which is part of what is compared; expected columns measured before the experiment.\n"),
        ])
            Assert.Equal((2, "", told), await VolnaProcess.Run(_folder, [.. asked, .. wrong]));
    }

    [Fact]
    public async Task What_comes_next_is_judged_under_the_names_that_the_field_uses()
    {
        string[] parts = ["train", "validate", "test"];
        Write("baskets.csv", "part,user,set_number,item", Enumerable.Range(0, 30).SelectMany(user => Enumerable.Range(0, 3).Select(set => $"{parts[user % 3]},{user},{set},{user % 2}")));
        using var basket = await Json("next-basket", "--file", "baskets.csv");
        Has(basket.RootElement, 1, "recallAt10", "ndcgAt10", "phrAt10");
        foreach (var baseline in (string[])["mostPopular", "personalFrequency"]) Has(basket.RootElement.GetProperty(baseline), null, "recallAt10", "ndcgAt10", "phrAt10");
        Has(basket.RootElement, null, "customers", "products", "customersPerSecond");

        Write("sequences.csv", "user_id,position,item_id", Enumerable.Range(0, 30).SelectMany(user => Enumerable.Range(0, 4).Select(at => $"{user},{at},{(char)('a' + at + (user % 2))}")));
        Write("attributes.csv", "item_id,attribute_id", ["a,1", "b,1", "c,2"]);
        using var sequence = await Json("sequence", "--file", "sequences.csv", "--attributes", "attributes.csv");
        Has(sequence.RootElement, null, "recallAt5", "ndcgAt5", "recallAt10", "ndcgAt10");
        Assert.Equal(1, sequence.RootElement.GetProperty("recallAt5").GetDouble());
        foreach (var alone in (string[])["followers", "factors"]) Has(sequence.RootElement.GetProperty(alone), null, "recallAt5", "ndcgAt5", "recallAt10", "ndcgAt10");
        Has(sequence.RootElement, null, "customers", "products", "customersPerSecond");

        Write("train.csv", "session,position,item", Enumerable.Range(0, 40).SelectMany(session => Enumerable.Range(0, 3).Select(at => $"{session},{at},{(char)('a' + at)}")));
        Write("cases.csv", "case,prefix,target", ["1,a,b", "2,a b,c"]);
        using var sessions = await Json("sessions", "--train", "train.csv", "--test", "cases.csv");
        Has(sessions.RootElement, null, "precisionAt20", "mrrAt20");
        Assert.Equal(1, sessions.RootElement.GetProperty("precisionAt20").GetDouble());
        Has(sessions.RootElement.GetProperty("neighbours"), null, "precisionAt20", "mrrAt20");
        Has(sessions.RootElement, null, "cases", "sessions", "products", "casesPerSecond");
    }

    [Fact]
    public async Task Uplift_is_told_learner_by_learner_with_intervals()
    {
        Write("mail.csv", "mail,loyal,spend", Enumerable.Range(0, 800).Select(i => $"{i % 2},{i / 2 % 2},{((i % 2) * (i / 2 % 2) * 3) + (i % 7)}"));
        using var json = await Json("uplift", "--file", "mail.csv", "--treatment", "mail", "--outcome", "spend", "--draws", "100");
        var learners = json.RootElement.GetProperty("learners").EnumerateArray().ToList();
        Assert.Equal(["twoModel", "x", "classTransformation", "r"], learners.Select(one => one.GetProperty("learner").GetString()));
        foreach (var learner in learners)
        {
            Has(learner, null, "qini", "lower", "upper");
            Assert.InRange(learner.GetProperty("qini").GetDouble(), learner.GetProperty("lower").GetDouble(), learner.GetProperty("upper").GetDouble());
            foreach (var figure in (string[])["aboveTwoModel", "upliftAt10", "upliftAt20", "upliftAt30"]) Has(learner.GetProperty(figure), null, "value", "lower", "upper");
        }

        Assert.Contains(json.RootElement.GetProperty("best").GetString(), learners.Select(one => one.GetProperty("learner").GetString()));
        Assert.Equal(["0", "1"], json.RootElement.GetProperty("arms").EnumerateArray().Select(arm => arm.GetProperty("arm").GetString()));
        Assert.Equal(1.5, json.RootElement.GetProperty("uplift").GetDouble(), 0.2);
    }

    [Fact]
    public async Task A_missing_column_is_one_sentence_and_exit_2()
    {
        File.WriteAllText(Path.Combine(_folder, "customers.csv"), "group,spend\nnone,1\n");
        var run = await VolnaProcess.Run(_folder, "evaluate", "experiment", "--file", "customers.csv", "--arm", "arm", "--control", "none", "--outcome", "spend");
        Assert.Equal((2, ""), (run.ExitCode, run.Data));
        Assert.Equal("volna: customers.csv: has no column `arm`; found: group, spend.", run.Remarks.Trim());
    }

    void Write(string name, string head, IEnumerable<string> rows) => File.WriteAllLines(Path.Combine(_folder, name), [head, .. rows]);

    async Task<JsonDocument> Json(params string[] arguments)
    {
        var run = await VolnaProcess.Run(_folder, ["evaluate", .. arguments, "--json"]);
        Assert.Equal((0, ""), (run.ExitCode, run.Remarks));
        return JsonDocument.Parse(run.Data);
    }

    /// <param name="value">Of all of them; null for any number.</param>
    static void Has(JsonElement of, double? value, params string[] names)
    {
        foreach (var name in names)
        {
            Assert.True(of.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Number, $"{name} isn't a number in {of}");
            if (value is { } expected) Assert.Equal(expected, found.GetDouble(), 1e-9);
        }
    }
}
