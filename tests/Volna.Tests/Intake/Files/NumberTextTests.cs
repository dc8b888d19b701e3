using System.Text;
using Volna.Intake.Files;

namespace Volna.Tests.Intake.Files;

public sealed class NumberTextTests
{
    [Fact]
    public void Numbers_are_read_as_files_write_them()
    {
        const string Cases = """
            text                  sign  answer
            0                     .     0
            12                    .     1200
            12.5                  .     1250
            -12.05                .     -1205
            +3                    .     300
            .5                    .     50
            5.                    .     500
            12,5                  ,     1250
            12,5                  .     BadNumber
            12.5                  ,     BadNumber
            1.005                 .     101
            1.0049999             .     100
            -1.005                .     -101
            1_234.50              .     123450
            1_23                  .     BadNumber
            1__234                .     BadNumber
            1_234_567,89          ,     123456789
            1234_567              .     BadNumber
            12_34                 .     BadNumber
            1_2345                .     BadNumber
            1_234567              .     BadNumber
            12_345_67             .     BadNumber
            _123                  .     BadNumber
            -12_345,6             ,     -1234560
            1e5                   .     BadNumber
            --1                   .     BadNumber
            1-                    .     BadNumber
            .                     .     BadNumber
            -                     .     BadNumber
            $5                    .     BadNumber
            0x10                  .     BadNumber
            NaN                   .     BadNumber
            1.2.3                 .     BadNumber
            90000000000000        .     9000000000000000
            99999999999999999999  .     NumberOutOfRange
            """;
        foreach (var (text, sign, expected) in Table(Cases))
        {
            var bytes = Encoding.UTF8.GetBytes(text.Replace('_', ' '));
            var wrong = NumberText.Read(bytes, (byte)sign[0], scale: 2, out var value);
            Assert.Equal((text, expected), (text, wrong?.ToString() ?? $"{value}"));
        }
    }

    [Fact]
    public void No_break_spaces_separate_thousands_too()
    {
        foreach (var space in (string[])["\u00A0", "\u202F"])
        {
            Assert.Null(NumberText.Read(Encoding.UTF8.GetBytes($"1{space}234,5"), (byte)',', scale: 2, out var value));
            Assert.Equal(123450, value);
        }
    }

    internal static IEnumerable<(string, string, string)> Table(string cases) =>
        cases.Split('\n').Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(cells => (cells[0], cells[1], cells[2]));
}
