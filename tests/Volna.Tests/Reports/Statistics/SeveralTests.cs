using Volna.Reports.Statistics;

namespace Volna.Tests.Reports.Statistics;

public sealed class SeveralTests
{
    // By hand from the definitions: Holm 4 * .005, 3 * .01, 2 * .03 then never less than the one before; Benjamini-Hochberg 4/4 * .04, 4/3 * .03, ...
    [Fact]
    public void Corrected_p_values_follow_the_definitions_and_keep_their_order()
    {
        double[] pValues = [0.01, 0.04, 0.03, 0.005];
        AssertClose([0.03, 0.06, 0.06, 0.02], Several.Holm(pValues));
        AssertClose([0.02, 0.04, 0.04, 0.02], Several.BenjaminiHochberg(pValues));
        AssertClose([1, 1], Several.Holm([0.6, 0.9]));
        AssertClose([0.3], Several.Holm([0.3]));
        Assert.Empty(Several.BenjaminiHochberg([]));

        static void AssertClose(double[] expected, double[] actual)
        {
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 12);
        }
    }
}
