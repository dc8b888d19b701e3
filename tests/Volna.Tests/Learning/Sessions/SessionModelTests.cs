using Volna.Kernels;
using Volna.Learning;
using Volna.Learning.Sessions;

namespace Volna.Tests.Learning.Sessions;

public sealed class SessionModelTests
{
    const int Products = 60;

    static readonly List<int[]> Sessions = MakeUp(seed: 1);
    static readonly SessionModel Model = SessionModel.Fit(Sessions, Products, new SessionOptions());

    [Fact]
    public void What_like_visits_saw_next_comes_first()
    {
        foreach (var group in Enumerable.Range(0, 5))
        {
            var found = Top(Model, [(10 * group) + 2, (10 * group) + 3], 4);
            Assert.Equal((10 * group) + 4, found[0]);
            Assert.All(found, product => Assert.Equal(group, product / 10));
        }
    }

    [Fact]
    public void The_same_as_every_session_weighed_by_hand()
    {
        // Two sessions share product 1 with the visit; the second is the newest, and both have three products.
        var options = new SessionOptions { Oldest = 0.5f, LengthPower = 0, Reach = 1, Backward = 0.5f, PopularityPower = 0 };
        var model = SessionModel.Fit([[0, 1, 2], [1, 3, 4]], 5, options);
        // Product 2: weight 0.5^(1/2) * e^-1; 3: e^-1; 4: e^-2; 0: half of what 2 has.
        Assert.Equal([3, 2, 4, 0], Top(model, [1], 4));
    }

    [Fact]
    public void One_by_one_equals_many_at_once()
    {
        var scorer = new SessionScorer(Model);
        var found = new int[20];
        foreach (var session in Sessions.Take(100)) Assert.Equal(Top(Model, session, 20), found[..scorer.Top(session, found)]);
    }

    [Fact]
    public void Learning_is_repeatable_and_survives_saving_and_loading()
    {
        var bytes = Model.Save();
        Assert.Equal(bytes, SessionModel.Fit(MakeUp(seed: 1), Products, new SessionOptions()).Save());
        Assert.NotEqual(bytes, SessionModel.Fit(MakeUp(seed: 2), Products, new SessionOptions()).Save());
        var loaded = SessionModel.Load(bytes, "m");
        Assert.Equal(bytes, loaded.Save());
        Assert.Equal(Model.Options, loaded.Options);
        foreach (var session in Sessions.Take(20)) Assert.Equal(Top(Model, session, 20), Top(loaded, session, 20));
    }

    [Fact]
    public void A_model_cut_in_half_or_of_another_kind_is_refused()
    {
        var bytes = Model.Save();
        Assert.Equal("model-damaged", Assert.Throws<BadInputException>(() => SessionModel.Load(bytes.AsSpan(0, bytes.Length / 2), "m")).Code);
        Assert.Equal("model-format", Assert.Throws<BadInputException>(() => SessionModel.Load(new ModelBytes("sessions", 99).Finish(), "m")).Code);
    }

    [Fact]
    public void A_visit_of_which_nothing_is_known_gets_the_most_popular_and_so_do_the_places_left_over()
    {
        Assert.Equal(Model.Popular[..5], Top(Model, [], 5));
        Assert.Equal(Model.Popular[..5], Top(Model, [-1, Products + 3], 5));
        var few = Top(Model, [12], 30);
        Assert.Equal(30, few.Distinct().Count());
    }

    [Fact]
    public void No_sessions_one_product_and_identical_sessions_are_no_trouble()
    {
        Assert.Empty(Top(SessionModel.Fit([], 0, new SessionOptions()), [1], 5));
        Assert.Equal([0], Top(SessionModel.Fit([[0], [0, 0]], 1, new SessionOptions()), [0], 5));
        Assert.Equal(2, Top(SessionModel.Fit([.. Enumerable.Repeat<int[]>([0, 1, 2], 20)], 3, new SessionOptions()), [0, 1], 5)[0]);
    }

    static int[] Top(SessionModel model, int[] visit, int top)
    {
        var found = new int[top];
        return found[..new SessionScorer(model).Top(visit, found)];
    }

    static List<int[]> MakeUp(ulong seed) =>
    [
        .. Enumerable.Range(0, 400).Select(session =>
        {
            var draw = new Draw(seed, "sessions", (ulong)session);
            var first = draw.NextBelow(7);
            return Enumerable.Range(first, 2 + draw.NextBelow(8 - first)).Select(step => (10 * (session % 5)) + step).ToArray();
        }),
    ];
}
