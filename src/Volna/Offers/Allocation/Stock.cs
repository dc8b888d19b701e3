namespace Volna.Offers.Allocation;

/// <summary>What is left of each limit while offers are handed out.</summary>
sealed class Stock(AllocationProblem problem)
{
    readonly long[] _left = [.. problem.Limits.Select(limit => limit.Most)];

    public long Left(int limit) => _left[limit];

    public long Used(int limit) => problem.Limits[limit].Most - _left[limit];

    public bool Allows(in Option option)
    {
        foreach (var limit in problem.Goods[option.Good].Limits)
            if (_left[limit] < problem.Use(limit, option))
                return false;
        return true;
    }

    public void Take(in Option option)
    {
        foreach (var limit in problem.Goods[option.Good].Limits) _left[limit] -= problem.Use(limit, option);
    }

    public void GiveBack(in Option option)
    {
        foreach (var limit in problem.Goods[option.Good].Limits) _left[limit] += problem.Use(limit, option);
    }
}
