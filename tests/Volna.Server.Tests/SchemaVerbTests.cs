using System.Text.Json;

namespace Volna.Server.Tests;

public sealed class SchemaVerbTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_lists_the_kinds()
    {
        var run = await VolnaProcess.Run(_folder, "schema");

        Assert.Equal(0, run.ExitCode);
        foreach (var kind in (string[])["customers", "products", "stores", "receipts", "prices", "stock", "mass-promotions", "exclusions", "dislikes", "series", "mail-events", "campaigns", "coupons", "redemptions"])
            Assert.Matches($@"(?m)^ *{kind} ", run.Data);
    }

    [Fact]
    public async Task It_tells_the_columns_of_a_kind_as_json_in_the_asked_language()
    {
        var run = await VolnaProcess.Run(_folder, "schema", "stock", "--json", "--lang", "ru");

        using var json = JsonDocument.Parse(run.Data);
        var column = json.RootElement.GetProperty("columns")[2];
        Assert.Equal(("quantity", "quantity", true), (column.GetProperty("name").GetString(), column.GetProperty("type").GetString(), column.GetProperty("required").GetBoolean()));
        Assert.Contains("Остаток", column.GetProperty("meaning").GetString(), StringComparison.Ordinal);
        Assert.Empty(run.Remarks);
    }

    [Fact]
    public async Task An_unknown_kind_is_one_sentence_that_names_the_kinds_and_exit_2()
    {
        var run = await VolnaProcess.Run(_folder, "schema", "goods");

        Assert.Equal((2, ""), (run.ExitCode, run.Data));
        Assert.StartsWith("volna: there is no kind of file `goods`; there are stores, products,", Assert.Single(run.Remarks.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Templates_are_written_once_and_never_overwritten()
    {
        File.WriteAllText(Path.Combine(_folder, "stock.csv"), "mine");

        var dry = await VolnaProcess.Run(_folder, "schema", "--templates", "new", "--dry-run");
        Assert.Contains("customers.csv", dry.Data, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "new")));

        var run = await VolnaProcess.Run(_folder, "schema", "--templates", ".");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("stock.csv", run.Remarks, StringComparison.Ordinal);
        Assert.DoesNotContain("stock.csv", run.Data, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder, "stock.csv")));
        Assert.StartsWith("key,first_name,", File.ReadAllText(Path.Combine(_folder, "customers.csv")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, "mapping.json")));
    }
}
