namespace Volna.Learning.Trees;

/// <summary>What trees are to make small.</summary>
public enum TreeLoss
{
    /// <summary>Labels are 0 or 1, and scores log odds.</summary>
    Logistic = 0,

    /// <summary>Labels are grades from 0 up, rows belong to lists, and scores matter only by their order within a list.</summary>
    LambdaRank = 1,
}

/// <summary>How trees are learnt.</summary>
public sealed record TreeOptions
{
    public TreeLoss Loss { get; init; } = TreeLoss.Logistic;

    /// <summary>The most trees; with rows for validation there may be fewer.</summary>
    public int Trees { get; init; } = 200;

    /// <summary>The most leaves of a tree, 2 to 256.</summary>
    public int Leaves { get; init; } = 31;

    public double LearningRate { get; init; } = 0.1;

    /// <summary>Weight of the squared leaf values.</summary>
    public double Regularization { get; init; } = 1;

    /// <summary>The least sum of second derivatives in a leaf.</summary>
    public double LeastWeight { get; init; } = 1;

    /// <summary>Bins of a column, at most 254; one more is for what is missing.</summary>
    public int Bins { get; init; } = 254;

    /// <summary>Trees without gain on the validation part after which no more are tried.</summary>
    public int Patience { get; init; } = 20;

    /// <summary>With lists, the places that matter: as in NDCG at this number.</summary>
    public int Top { get; init; } = 10;
}
