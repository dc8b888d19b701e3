using Volna.Kernels;
using Volna.Learning.Evaluation;
using Volna.Learning.Sessions;

namespace Volna.Tests.Learning.Sessions;

public sealed class SessionModelTests : ForetellingContract<SessionModel>
{
    const int Products = 60;

    static readonly List<int[]> Sessions = MakeUp(seed: 1);

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

    /// <summary>What like visits saw next comes first.</summary>
    protected override void FindPattern(SessionModel model)
    {
        foreach (var group in Enumerable.Range(0, 5))
        {
            var found = Top(model, [(10 * group) + 2, (10 * group) + 3], 4);
            Assert.Equal((10 * group) + 4, found[0]);
            Assert.All(found, product => Assert.Equal(group, product / 10));
        }
    }

    protected override SessionModel Fit(ulong world, int threads) => SessionModel.Fit(MakeUp(world), Products, new SessionOptions());

    protected override double[] Ask(SessionModel model, int @case) => Array.ConvertAll(Top(model, Sessions[@case], 20), product => (double)product);

    protected override double[][] AskTogether(SessionModel model)
    {
        var (scorer, found) = (new SessionScorer(model), new int[20]);
        return [.. Sessions.Take(Cases).Select(session => found[..scorer.Top(session, found)].Select(product => (double)product).ToArray())];
    }

    protected override object AskBefore(ulong world)
    {
        using var folder = new TemporaryFolder();
        var train = string.Concat(Sessions.SelectMany((session, number) => session.Select((product, at) => $"{number},{at},{product}\n")));
        var test = string.Concat(MakeUp(world).Select((session, number) => $"{number},{string.Join(' ', session[..^1])},{session[^1]}\n"));
        return SessionJob.Run(folder.Write("train.csv", "session,position,item\n" + train), folder.Write("test.csv", "case,prefix,target\n" + test), new ParallelOptions()).Options;
    }

    protected override byte[] Save(SessionModel model) => model.Save();

    protected override SessionModel Load(byte[] bytes) => SessionModel.Load(bytes, Name);

    protected override SessionModel LoadOfFormat(int format) => Load(Empty("sessions", format));

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
