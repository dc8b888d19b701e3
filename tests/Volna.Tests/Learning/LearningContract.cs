namespace Volna.Tests.Learning;

/// <summary>
/// What everything that is learnt must keep to, whatever it is learnt from; a learner's own tests derive from it. Worlds are made up: their pattern is known.
/// What is kept in a file has <see cref="ModelContract{TModel}"/> to keep to, and what foretells from a past <see cref="ForetellingContract{TModel}"/>.
/// </summary>
public abstract class LearningContract<TModel>
{
    protected const int Cases = 20;

    protected TModel Model => field ??= Fit(world: 1, threads: 2);

    /// <param name="world">Worlds are of one kind, but no two customers are the same.</param>
    protected abstract TModel Fit(ulong world, int threads);

    /// <summary>All that the model says of one case (a customer, a row, a store).</summary>
    /// <param name="case">Below <see cref="Cases"/>.</param>
    protected abstract double[] Ask(TModel model, int @case);

    /// <summary>The same of all cases at once: in one call where there is one, else by several threads.</summary>
    protected virtual double[][] AskTogether(TModel model)
    {
        var answers = new double[Cases][];
        Parallel.For(0, Cases, new ParallelOptions { MaxDegreeOfParallelism = 8 }, one => answers[one] = Ask(model, one));
        return answers;
    }

    /// <summary>Asserts that the model says what is true of its world.</summary>
    protected abstract void FindPattern(TModel model);

    /// <summary>All that the model knows, to compare.</summary>
    protected virtual object Whole(TModel model) => AskTogether(model);

    [Fact]
    public void The_pattern_that_was_put_in_is_found() => FindPattern(Model);

    [Fact]
    public void One_by_one_equals_many_at_once() => Assert.Equal(Enumerable.Range(0, Cases).Select(one => Ask(Model, one)), AskTogether(Model));

    [Fact]
    public void The_same_world_and_seed_teach_the_same_with_any_number_of_threads()
    {
        Assert.Equal(Whole(Model), Whole(Fit(world: 1, threads: 1)));
        Assert.Equal(Whole(Model), Whole(Fit(world: 1, threads: 5)));
    }

    [Fact]
    public void Another_world_teaches_something_else() => Assert.NotEqual(Whole(Model), Whole(Fit(world: 2, threads: 2)));
}
