namespace Volna.Reports.Experiments;

/// <summary>An experiment as a table with one row a customer.</summary>
/// <param name="File">Where it was read, for messages.</param>
/// <param name="Arms">Names of the arms in the order of the alphabet.</param>
/// <param name="ArmOf">Place of each customer's arm in <see cref="Arms"/>.</param>
/// <param name="Outcome">What is compared.</param>
/// <param name="Per">What it is divided by, such as orders; null for a figure per customer.</param>
/// <param name="Covariates">What was measured before the experiment, each for all customers.</param>
/// <param name="StratumOf">Number of each customer's stratum; null without strata.</param>
public sealed record ExperimentTable(
    string File, IReadOnlyList<string> Arms, int[] ArmOf, double[] Outcome, double[]? Per, IReadOnlyList<double[]> Covariates, int[]? StratumOf)
{
    /// <summary>The outcome below which a share of all customers lies, whatever their arm: a cap that no arm moves by itself.</summary>
    public double Quantile(double share)
    {
        var sorted = Outcome.ToArray();
        Array.Sort(sorted);
        return sorted[(int)Math.Clamp(Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}

/// <summary>Which columns of a file make an experiment.</summary>
/// <param name="Arm">The column with the arm's name.</param>
/// <param name="Per">Divides the outcome; null for a figure per customer.</param>
/// <param name="Stratum">The column with the group within which arms are compared, or null.</param>
/// <param name="Delimiter">Between the columns.</param>
public sealed record ExperimentColumns(string Arm, string Outcome, string? Per, IReadOnlyList<string> Covariates, string? Stratum, char Delimiter = ',');
