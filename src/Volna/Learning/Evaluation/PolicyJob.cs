using Volna.Learning.Policies;

namespace Volna.Learning.Evaluation;

/// <summary>Which columns of a log say what.</summary>
/// <param name="Propensity">Probability with which the decision was taken.</param>
/// <param name="Target">Probability with which the policy to be valued would have taken it.</param>
/// <param name="Slate">Rows of one slate have the same value and the same reward; null for a decision each row.</param>
/// <param name="Model">What a model expects of the decision taken; null without one, as <paramref name="ModelOfTarget"/>.</param>
/// <param name="ModelOfTarget">What it expects of the policy's own decision.</param>
public sealed record PolicyColumns(string Reward, string Propensity, string Target, string? Slate, string? Model, string? ModelOfTarget);

/// <summary>Values a policy from a file of decisions that another one took.</summary>
public static class PolicyJob
{
    /// <exception cref="BadInputException">A column is missing or wrong.</exception>
    public static OffPolicy Run(string path, PolicyColumns columns, CancellationToken stop)
    {
        if (columns.Model is null != columns.ModelOfTarget is null || (columns.Model is not null && columns.Slate is not null))
            throw new BadInputException("policy-columns", new Text(
                "--model and --model-target: found one without the other, or with --slate; expected both for single decisions, or none.",
                "--model и --model-target: указан один без другого или вместе с --slate; ожидались оба для отдельных решений либо ни одного."));
        var table = AnyTableFeed.Read(path, stop);
        var (rewards, logged, target) = (table.Numbers(table[columns.Reward]), Chances(columns.Propensity, least: double.Epsilon), Chances(columns.Target, least: 0));
        var (model, modelOfTarget) = (columns.Model is { } one ? table.Numbers(table[one]) : null, columns.ModelOfTarget is { } other ? table.Numbers(table[other]) : null);
        var slate = columns.Slate is { } name ? table[name] : null;
        var decisions = new List<LoggedDecision>();
        foreach (var rows in Enumerable.Range(0, table.Rows).GroupBy(row => slate?.WordOf[row] ?? row).Select(rows => rows.ToArray()))
        {
            if (Array.Find(rows, row => rewards[row] != rewards[rows[0]]) is var differs and > 0)
                throw table.Wrong(table[columns.Reward], differs, new Text("the same reward as in the slate's other rows", "та же награда, что в других строках набора"));
            decisions.Add(new LoggedDecision(rewards[rows[0]], Array.ConvertAll(rows, row => logged[row]), Array.ConvertAll(rows, row => target[row]), model?[rows[0]], modelOfTarget?[rows[0]]));
        }

        return OffPolicy.Of(decisions);

        double[] Chances(string name, double least)
        {
            var chances = table.Numbers(table[name]);
            var row = Array.FindIndex(chances, chance => chance < least || chance > 1);
            return row < 0 ? chances : throw table.Wrong(table[name], row, least > 0 ? new Text("a probability above 0, at most 1", "вероятность больше 0 и не больше 1") : new Text("a probability from 0 to 1", "вероятность от 0 до 1"));
        }
    }
}
