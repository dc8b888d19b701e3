using Volna.Reports;

namespace Volna.Tests.Reports;

public sealed class FigureTextTests
{
    [Theory]
    [InlineData(0.0004, "0.0 %")]
    [InlineData(-0.0004, "0.0 %")]
    [InlineData(-0.0006, "−0.1 %")]
    [InlineData(0.0006, "+0.1 %")]
    public void What_is_shown_as_zero_has_no_sign(double share, string expected) => Assert.Equal(expected, FigureText.SignedPercent(share, Language.English));
}
