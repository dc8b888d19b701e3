namespace Volna.Learning.Trees;

/// <summary>What a column of a table says.</summary>
public enum ColumnKind
{
    /// <summary>More or less.</summary>
    Number = 0,

    /// <summary>The number of a kind, not below 0; the order of the numbers means nothing.</summary>
    Category = 1,

    /// <summary>A number with which a score may rise but never fall; what is missing may do as it likes.</summary>
    Rising = 2,

    /// <summary>And one with which it may fall but never rise.</summary>
    Falling = 3,
}

/// <summary>Rows to learn from.</summary>
/// <param name="Columns">Of what kind each is.</param>
/// <param name="Values">Row after row; NaN where a value is missing.</param>
/// <param name="Labels">One for each row.</param>
/// <param name="Lists">Where each list of rows starts, and one more at the end; for <see cref="TreeLoss.LambdaRank"/>, else empty.</param>
public sealed record TreeTable(ColumnKind[] Columns, float[] Values, float[] Labels, int[] Lists)
{
    /// <summary>The score of each row that trees start from; empty to start from the base rate. It isn't part of the trees: who scores gives it again.</summary>
    public float[] Starts { get; init; } = [];

    public int Rows => Labels.Length;

    /// <exception cref="ArgumentException">The parts don't fit.</exception>
    internal void Check(TreeLoss loss)
    {
        if (Columns.Length == 0 || (long)Rows * Columns.Length != Values.Length)
            throw new ArgumentException($"{Rows} rows of {Columns.Length} columns aren't {Values.Length} numbers.");
        if (Starts.Length != 0 && Starts.Length != Rows) throw new ArgumentException($"{Rows} rows have {Starts.Length} starts.");
        if (loss == TreeLoss.LambdaRank && (Lists.Length < 1 || Lists[0] != 0 || Lists[^1] != Rows))
            throw new ArgumentException($"{Lists.Length} list starts don't share out {Rows} rows.");
        foreach (var label in Labels)
            if (!(label >= 0) || (loss == TreeLoss.Logistic && label > 1)) throw new ArgumentException($"A label is {label}.");
    }

    /// <exception cref="BadInputException">There is nothing to tell apart.</exception>
    internal void CheckLabels(TreeLoss loss)
    {
        var differ = loss == TreeLoss.Logistic
            ? Labels.AsSpan().ContainsAnyExcept(Labels.Length > 0 ? Labels[0] : 0)
            : Enumerable.Range(0, Lists.Length - 1).Any(list => Labels.AsSpan(Lists[list]..Lists[list + 1]) is { Length: > 1 } own && own.ContainsAnyExcept(own[0]));
        if (!differ)
            throw new BadInputException("labels-alike", new Text(
                $"All {Rows} labels are alike ({(Rows > 0 ? Labels[0] : 0)}): trees have nothing to tell apart; give more data, with both outcomes.",
                $"Все метки ({Rows}) одинаковы ({(Rows > 0 ? Labels[0] : 0)}): деревьям нечего различать; нужны данные с обоими исходами."));
    }
}
