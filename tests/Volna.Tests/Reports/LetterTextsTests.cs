using Volna.Intake.Letters;
using Volna.Reports;

namespace Volna.Tests.Reports;

public sealed class LetterTextsTests
{
    [Theory]
    // Many openings without a row of the delivery, and whose service doesn't tell deliveries; a letter opened and come back; all come back.
    [InlineData(10, 4, 0, 8, "opened by people 8 (80.0 %),")]
    [InlineData(10, 0, 0, 8, "opened by people 8,")]
    [InlineData(2, 1, 1, 2, "opened by people 2,")]
    [InlineData(3, 3, 3, 0, "opened by people 0,")]
    public void A_share_of_letters_is_told_where_it_is_known_of_how_many(long reported, long delivered, long bounced, long opened, string expected) =>
        Assert.Contains(expected, new LetterFigures(reported, delivered, bounced, opened, 0, 0, 0, 0, 0).Sentence().English, StringComparison.OrdinalIgnoreCase);
}
