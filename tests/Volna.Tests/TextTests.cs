namespace Volna.Tests;

public sealed class TextTests
{
    [Theory]
    [InlineData(1, "предложение")]
    [InlineData(2, "предложения")]
    [InlineData(5, "предложений")]
    [InlineData(11, "предложений")]
    [InlineData(21, "предложение")]
    [InlineData(112, "предложений")]
    [InlineData(1_000_004, "предложения")]
    [InlineData(0, "предложений")]
    public void Russian_counts_have_three_forms(long count, string expected) =>
        Assert.Equal(expected, Languages.Plural(count, "предложение", "предложения", "предложений"));

    [Theory]
    [InlineData("ru", Language.Russian)]
    [InlineData("ru_RU.UTF-8", Language.Russian)]
    [InlineData("RU", Language.Russian)]
    [InlineData("en_US.UTF-8", Language.English)]
    [InlineData("C.UTF-8", Language.English)]
    [InlineData(null, Language.English)]
    public void A_language_is_known_by_its_code(string? code, Language expected) => Assert.Equal(expected, Languages.OfCode(code));
}
