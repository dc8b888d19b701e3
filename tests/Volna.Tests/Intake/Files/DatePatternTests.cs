using System.Globalization;
using System.Text;
using Volna.Intake.Files;

namespace Volna.Tests.Intake.Files;

public sealed class DatePatternTests
{
    [Fact]
    public void Dates_are_read_by_their_format_and_nothing_else()
    {
        const string Cases = """
            format               text                 answer
            yyyy-MM-dd_HH:mm:ss  2026-11-26_18:05:09  2026-11-26T18:05:09
            yyyy-MM-dd_HH:mm:ss  2026-11-26_18:05     -
            yyyy-MM-dd_HH:mm:ss  2026-11-26_24:00:00  -
            yyyy-MM-dd_HH:mm:ss  2026-11-26_23:59:60  2026-11-26T23:59:59
            yyyy-MM-dd           2026-02-28           2026-02-28T00:00:00
            yyyy-MM-dd           2026-02-29           -
            yyyy-MM-dd           2024-02-29           2024-02-29T00:00:00
            yyyy-MM-dd           2026-13-01           -
            yyyy-MM-dd           2026-00-01           -
            yyyy-MM-dd           2026-1-1             -
            yyyy-MM-dd           2026-11-26x          -
            yyyyMMdd             20261126             2026-11-26T00:00:00
            dd.MM.yyyy_HH:mm     26.11.2026_18:05     2026-11-26T18:05:00
            d.M.yyyy             6.1.2026             2026-01-06T00:00:00
            d.M.yyyy             26.11.2026           2026-11-26T00:00:00
            M/d/yyyy_H:mm        12/1/2010_8:26       2010-12-01T08:26:00
            """;
        foreach (var (format, text, expected) in NumberTextTests.Table(Cases))
        {
            var read = DatePattern.Of(format.Replace('_', ' '))!.TryRead(Encoding.UTF8.GetBytes(text.Replace('_', ' ')), out var time);
            Assert.Equal((text, expected), (text, read ? time.ToString("s", CultureInfo.InvariantCulture) : "-"));
        }
    }

    [Fact]
    public void A_format_without_a_day_is_none()
    {
        foreach (var format in (string[])["", "yyyy", "HH:mm", "yy-MM-dd", "yyyy-MMM-dd", "yyyy-MM-dd hh:mm tt", "yyyy-MM-dd dd"])
            Assert.Null(DatePattern.Of(format));
    }
}
