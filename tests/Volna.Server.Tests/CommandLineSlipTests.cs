namespace Volna.Server.Tests;

public sealed class CommandLineSlipTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("volna-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("bench report --customers abc", "volna: --customers: found 'abc', expected 100 to 20000000. See volna bench report --help", "volna: --customers: найдено «abc», ожидалось целое число от 100 до 20000000. См. volna bench report --help")]
    [InlineData("demo --customers abc", "volna: --customers: found 'abc', expected a whole number. See volna demo --help", "volna: --customers: найдено «abc», ожидалось целое число. См. volna demo --help")]
    [InlineData("experiment plan --holdout much", "volna: --holdout: found 'much', expected a number. See volna experiment plan --help", "volna: --holdout: найдено «much», ожидалось число. См. volna experiment plan --help")]
    [InlineData("serve --port 99999", "volna: --port: found '99999', expected 0 to 65535. See volna serve --help", "volna: --port: найдено «99999», ожидалось целое число от 0 до 65535. См. volna serve --help")]
    [InlineData("wave new --plan plan.json", "volna: Option '--from' is required. See volna wave new --help", "volna: Не указан обязательный параметр --from. См. volna wave new --help")]
    [InlineData("import --max-errors x a.csv", "volna: --max-errors: found 'x', expected a whole number. See volna import --help", "volna: --max-errors: найдено «x», ожидалось целое число. См. volna import --help")]
    [InlineData("till pack --store S --day x", "volna: --day: found 'x', expected a day such as 2026-11-26. See volna till pack --help", "volna: --day: найдено «x», ожидалась дата, например 2026-11-26. См. volna till pack --help")]
    [InlineData("learn --seed -1", "volna: --seed: found '-1', expected a whole number, not below 0. See volna learn --help", "volna: --seed: найдено «-1», ожидалось целое число не меньше 0. См. volna learn --help")]
    [InlineData("report --wave a --wave b", null, null)]
    public async Task A_slip_is_told_in_one_sentence_of_either_language_and_nothing_crashes(string line, string? english, string? russian)
    {
        foreach (var (language, told) in ((string, string?)[])[("en", english), ("ru", russian)])
        {
            var (exit, data, remarks) = await VolnaProcess.Run(_folder, [.. line.Split(' '), "--lang", language]);
            Assert.Equal((2, ""), (exit, data));
            Assert.Single(remarks.TrimEnd().Split('\n'));
            if (told is not null) Assert.Equal(told, remarks.TrimEnd());
        }
    }
}
