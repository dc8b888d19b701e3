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
    public async Task A_missing_column_is_one_sentence_and_exit_2()
    {
        File.WriteAllText(Path.Combine(_folder, "customers.csv"), "group,spend\nnone,1\n");
        var run = await VolnaProcess.Run(_folder, "evaluate", "experiment", "--file", "customers.csv", "--arm", "arm", "--control", "none", "--outcome", "spend");
        Assert.Equal((2, ""), (run.ExitCode, run.Data));
        Assert.Equal("volna: customers.csv: has no column `arm`; found: group, spend.", run.Remarks.Trim());
    }
}
