using Volna.Reports.Targeting;

namespace Volna.Tests.Reports.Targeting;

public sealed class BaseWindowsTests
{
    static readonly DateOnly End = new(2026, 11, 24);

    [Theory]
    [InlineData(7, 182, 12)]
    [InlineData(14, 182, 12)]
    [InlineData(28, 182, 5)]
    [InlineData(14, 42, 2)]
    [InlineData(14, 41, null)]
    [InlineData(92, 182, null)]
    public void As_many_stretches_are_told_apart_as_are_known_and_one_more_behind_them(int days, int known, int? stretches) =>
        Assert.Equal(stretches, BaseWindows.Of(End, days, known)?.Count);

    [Fact]
    public void A_cell_is_how_long_ago_and_in_how_many_stretches_she_bought_and_the_wave_s_own_days_tell_nothing()
    {
        var windows = BaseWindows.Of(End, 7, 28)!;
        var table = """
            days before the end   bought   now: since, often   earlier: since, often
            none                  0000     3 0                 3 0
            1                     0001     0 1                 3 0
            7                     0001     0 1                 3 0
            8                     0010     1 1                 0 1
            1 8 15                0111     0 3                 0 2
            22                    1000     3 0                 2 1
            28 1                  1001     0 1                 2 1
            29                    0000     3 0                 3 0
            0                     0000     3 0                 3 0
            """;
        foreach (var line in table.Split('\n').Skip(1))
        {
            var days = line[..22].Trim() is "none" ? [] : line[..22].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(day => End.DayNumber - int.Parse(day, null)).Order().ToArray();
            var cells = line[22..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var bought = windows.Bought(days);
            Assert.Equal(Convert.ToUInt64(cells[0], 2), bought);
            Assert.Equal((int.Parse(cells[1], null) * 4) + int.Parse(cells[2], null), windows.CellNow(bought));
            Assert.Equal((int.Parse(cells[3], null) * 4) + int.Parse(cells[4], null), windows.CellEarlier(bought));
        }
    }
}
