namespace Volna.Simulation.Loop;

/// <summary>Who decides what customers are offered.</summary>
public enum LoopPolicy
{
    /// <summary>Nobody: what all others are measured against.</summary>
    None = 0,

    /// <summary>Shelf discounts for everybody on well-known goods, for as much money as Volna's offers cost.</summary>
    Mass = 1,

    /// <summary>Eleven lists made by hand: a rule says who gets which five offers.</summary>
    Segments = 2,

    /// <summary>Volna's weekly waves, with answers to discounts as the plan assumes them.</summary>
    VolnaNoLearning = 3,

    /// <summary>Volna's weekly waves.</summary>
    Volna = 4,
}

/// <summary>Names of the policies.</summary>
public static class LoopPolicies
{
    static readonly (LoopPolicy Policy, string Code, Text Name)[] All =
    [
        (LoopPolicy.None, "none", new("No offers", "Без предложений")),
        (LoopPolicy.Mass, "mass", new("Mass promotion", "Массовое промо")),
        (LoopPolicy.Segments, "segments", new("Hand-made segments", "Ручные сегменты")),
        (LoopPolicy.VolnaNoLearning, "volna-no-learning", new("Volna without learning from its waves", "Volna без обучения на своих волнах")),
        (LoopPolicy.Volna, "volna", new("Volna", "Volna")),
    ];

    /// <summary>As on the command line.</summary>
    public static string Code(this LoopPolicy policy) => All[(int)policy].Code;

    public static Text Name(this LoopPolicy policy) => All[(int)policy].Name;

    /// <summary>Reads a list such as <c>none,volna</c>.</summary>
    /// <exception cref="BadInputException">A name isn't known, or there is none.</exception>
    public static IReadOnlyList<LoopPolicy> Parse(string names)
    {
        var policies = names.Split(',', StringSplitOptions.TrimEntries).Select(name =>
        {
            var found = Array.FindIndex(All, one => one.Code == name);
            return found >= 0 ? All[found].Policy : throw new BadInputException("policy-unknown", new Text(
                $"--policies: found '{name}', expected some of {string.Join(",", All.Select(one => one.Code))}.",
                $"--policies: указано «{name}», ожидаются названия из списка {string.Join(",", All.Select(one => one.Code))}."));
        });
        return [.. policies.Distinct().Order()];
    }
}

/// <summary>A closed loop: the world, the weeks after its history, and the policies that go through them.</summary>
public sealed record LoopOptions
{
    public WorldOptions World { get; init; } = new();

    /// <summary>Weeks that pass under each policy, a wave in each; 1 to 52.</summary>
    public int Weeks { get; init; } = 52;

    public IReadOnlyList<LoopPolicy> Policies { get; init; } = Enum.GetValues<LoopPolicy>();

    /// <summary>The world is told to nobody but those who measure: customers of this share get no personal offers throughout.</summary>
    public const double UniversalHoldoutShare = 0.1;

    /// <summary>A model is learnt from all receipts anew before every so-manieth wave.</summary>
    public const int WeeksBetweenLearning = 4;

    /// <exception cref="BadInputException">A value makes no sense; the sentence names it.</exception>
    public void Validate()
    {
        if (Weeks is < 1 or > 52)
            throw new BadInputException("loop-weeks", new Text($"--weeks: found {Weeks}, expected 1 to 52.", $"--weeks: указано {Weeks}, ожидается от 1 до 52."));
        World.Validate();
    }
}
