using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Plans;

public sealed class PlanDiffTests
{
    [Theory]
    [InlineData("\"validityDays\": 7", "\"validityDays\": 14", "validityDays: 7 -> 14")]
    [InlineData("\"mostPerCategory\": 2,", "", "mostPerCategory: 2 -> -")]
    [InlineData("\"repeatAfterWaves\": 2", "\"till\": { \"budget\": 5 }, \"repeatAfterWaves\": 2", "till.budget: - -> 5")]
    [InlineData("\"atLeast\": 12", "\"atLeast\": 13", "segments[frequent].when.receipts.atLeast: 12 -> 13")]
    [InlineData("[5, 10, 15, 20, 25, 30]", "[5, 10]", "discountSteps: [5, 10, 15, 20, 25, 30] -> [5, 10]")]
    [InlineData("// A weekly wave", "// Another remark", "")]
    [InlineData("  \"holdoutShare\": 0.1,\n  \"explorationShare\": 0.05,", "\"explorationShare\":0.05,\"holdoutShare\":0.1,", "")]
    public void Each_setting_that_differs_is_told_with_its_place(string right, string other, string expected)
    {
        Assert.Contains(right, PlanTemplateStore.Text, StringComparison.Ordinal);
        var changes = PlanDiff.Between(PlanTemplateStore.Text, PlanTemplateStore.Text.Replace(right, other, StringComparison.Ordinal));
        Assert.Equal(expected, string.Join("; ", changes.Select(change => $"{change.Place}: {change.Before ?? "-"} -> {change.After ?? "-"}")));
    }

    [Fact]
    public void The_order_of_segments_counts()
    {
        const string first = "{ \"name\": \"leaving\", \"when\": { \"recencyDays\": { \"atLeast\": 30 }, \"receipts\": { \"withinDays\": 365, \"atLeast\": 5 } } },";
        const string second = "{ \"name\": \"frequent\", \"when\": { \"receipts\": { \"withinDays\": 90, \"atLeast\": 12 } } },";
        var swapped = PlanTemplateStore.Text.Replace(first, "@", StringComparison.Ordinal).Replace(second, first, StringComparison.Ordinal).Replace("@", second, StringComparison.Ordinal);
        Assert.Equal("segments (order)", Assert.Single(PlanDiff.Between(PlanTemplateStore.Text, swapped)).Place);
    }
}
