using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Plans;

public sealed class PlanStoreTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryFolder _folder = new();
    readonly StateStore _state;

    public PlanStoreTests() => _state = StateStore.Open(_folder.Data);

    public void Dispose()
    {
        _state.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_plan_handed_in_again_is_the_newest_of_its_name_and_a_wave_made_with_an_old_one_changes_nothing()
    {
        const string First = "{ \"name\": \"weekly\", \"holdoutShare\": 0.1 }", Second = "{ \"name\": \"weekly\", \"holdoutShare\": 0.2 }";
        var store = new PlanStore(_state);
        store.Keep(First, "ann", Now);
        store.Keep(Second, "ann", Now.AddDays(1));
        Assert.Equal(Second, store.Get("weekly").Text);

        var used = store.Keep(First, "bob", Now.AddDays(2), isHandedIn: false);
        Assert.Equal(("ann", Now), (used.KeptBy, used.KeptAt));
        Assert.Equal(Second, store.Get("weekly").Text);

        store.Keep(First, "bob", Now.AddDays(3));
        Assert.Equal([(First, "bob"), (Second, "ann")], store.List().Select(plan => (plan.Text, plan.KeptBy)));
        Assert.Equal(First, store.Get("weekly").Text);
    }
}
