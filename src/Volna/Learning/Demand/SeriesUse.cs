namespace Volna.Learning.Demand;

/// <summary>Whether a series by day is used, and if not, why; stored, so numbers are never reused. In the order of the checks.</summary>
public enum SeriesVerdict
{
    Used = 0,

    /// <summary>Too few windows of the past to judge it by.</summary>
    HistoryTooShort = 1,

    /// <summary>It isn't known for most weeks of the history.</summary>
    KnownTooSeldom = 2,

    /// <summary>It isn't known for most of the days ahead.</summary>
    NotKnownAhead = 3,

    NeverChanges = 4,

    /// <summary>With it, past windows that it wasn't learnt from would not have been foretold surely better.</summary>
    ForetellsNoBetter = 5,
}

/// <summary>What became of a series by day when a model was learnt.</summary>
/// <param name="Gain">By which share the squared error of categories' demand fell in past windows, foretold from what was before them, when it was added; 0 where it isn't used.</param>
public sealed record SeriesUse(string Name, SeriesVerdict Verdict, double Gain)
{
    public Text Words => Verdict switch
    {
        SeriesVerdict.Used => new(
            string.Create(Language.English.Culture(), $"Series {Name} is used: with it the error of categories' demand in past windows fell by {Gain:P0}."),
            string.Create(Language.Russian.Culture(), $"Ряд «{Name}» учтён: с ним ошибка прогноза спроса по категориям в прошлых окнах снизилась на {Gain:P0}.")),
        SeriesVerdict.HistoryTooShort => new(
            $"Series {Name} isn't used: the history has too few windows to judge it by.", $"Ряд «{Name}» не учтён: в истории слишком мало окон, чтобы его проверить."),
        SeriesVerdict.KnownTooSeldom => new(
            $"Series {Name} isn't used: its values are not known for most weeks of the history.", $"Ряд «{Name}» не учтён: для большей части истории его значений нет."),
        SeriesVerdict.NotKnownAhead => new(
            $"Series {Name} isn't used: its values are not known for most of the days ahead.", $"Ряд «{Name}» не учтён: для большинства предстоящих дней его значений нет."),
        SeriesVerdict.NeverChanges => new($"Series {Name} isn't used: it never changes.", $"Ряд «{Name}» не учтён: его значения не меняются."),
        SeriesVerdict.ForetellsNoBetter => new(
            $"Series {Name} isn't used: past windows would not have been foretold surely better with it.", $"Ряд «{Name}» не учтён: прошлые окна с ним не предсказываются заметно лучше."),
        _ => throw new ArgumentOutOfRangeException(nameof(Verdict), Verdict, null),
    };
}
