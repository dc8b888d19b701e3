namespace Volna.Tests.Learning;

/// <summary>What every model must keep to that tells from a past what comes next.</summary>
public abstract class ForetellingContract<TModel> : ModelContract<TModel>
{
    /// <summary>All that is said at some moment: what was chosen, learnt and foretold.</summary>
    /// <param name="world">What came after that moment; the past is that of world 1.</param>
    protected abstract object AskBefore(ulong world);

    [Fact]
    public void Nothing_is_used_of_what_comes_later() => Assert.Equal(AskBefore(1), AskBefore(2));
}
