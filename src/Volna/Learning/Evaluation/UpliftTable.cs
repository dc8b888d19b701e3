using Volna.Kernels;

namespace Volna.Learning.Evaluation;

/// <summary>Which columns of a table say what.</summary>
/// <param name="Control">The untreated arm; null for 0 where the treatment is 0 or 1.</param>
/// <param name="Treated">The arm compared with it; null for all others together.</param>
/// <param name="Features">Columns to tell customers apart by; null for all others that can serve.</param>
public sealed record UpliftColumns(string Treatment, string? Control, string? Treated, string Outcome, IReadOnlyList<string>? Features);

/// <param name="Mean">Of the outcome.</param>
public sealed record UpliftArm(string Arm, int N, double Mean);

/// <param name="Why">It isn't used.</param>
public sealed record LeftOut(string Column, Text Why);

/// <summary>An experiment to learn effects from: who was treated, the outcome, and what was known of each customer before.</summary>
/// <param name="Arms">All of the file's, the control first.</param>
/// <param name="Features">Names of the columns used.</param>
/// <param name="Rows">Of each customer: 1, then the columns as numbers, each with mean 0 and spread 1; categories have a column for each value.</param>
sealed record UpliftTable(IReadOnlyList<UpliftArm> Arms, bool[] Treated, double[] Outcome, IReadOnlyList<string> Features, IReadOnlyList<LeftOut> LeftOut, double[][] Rows)
{
    const int LeastOfArm = 50, MostValues = 30;

    /// <summary>Standard errors between the arms beyond which a column wasn't known before the treatment.</summary>
    const double Unbalanced = 4;

    static readonly Text
        IsUnbalanced = new("differs between the arms, so it came of the treatment", "различается между группами, значит, возникла уже после воздействия"),
        TellsOutcome = new("tells the outcome, so it isn't known before", "по ней виден сам результат, значит, заранее она не известна"),
        HasManyValues = new($"is neither a number nor one of at most {MostValues} words", $"не число и не одно из не более чем {MostValues} слов"),
        IsConstant = new("is the same for all", "одинакова у всех");

    /// <exception cref="BadInputException">A column is missing or has a wrong value, an arm is missing or too small, or the outcome doesn't vary.</exception>
    public static UpliftTable Of(AnyTable table, UpliftColumns columns)
    {
        var treatment = table[columns.Treatment];
        var allOutcomes = table.Numbers(table[columns.Outcome]);
        var control = ArmOf(table, treatment, columns.Control ?? DefaultControl(table, treatment), "--control");
        var only = columns.Treated is null ? (int?)null : ArmOf(table, treatment, columns.Treated, "--treated");
        var rows = Enumerable.Range(0, table.Rows).Where(row => only is null || treatment.WordOf[row] == only || treatment.WordOf[row] == control).ToArray();
        var treated = Array.ConvertAll(rows, row => treatment.WordOf[row] != control);
        var outcome = Array.ConvertAll(rows, row => allOutcomes[row]);
        if (Math.Min(treated.Count(one => one), treated.Count(one => !one)) is var least && least < LeastOfArm)
            throw new BadInputException("arm-too-small", new Text(
                $"{table.File}: column `{treatment.Name}`: one of the two arms compared has {least} customers, expected {LeastOfArm} or more.",
                $"{table.File}: колонка `{treatment.Name}`: в одной из двух сравниваемых групп покупателей {least}, нужно хотя бы {LeastOfArm}."));
        if (outcome.Min() == outcome.Max())
            throw new BadInputException("outcome-constant", new Text(
                $"{table.File}: column `{columns.Outcome}`: is {outcome[0]} for all customers compared; expected an outcome that varies.",
                $"{table.File}: колонка `{columns.Outcome}`: у всех сравниваемых покупателей {outcome[0]}; ожидался результат, который различается."));

        var (used, leftOut, encoded) = (new List<string>(), new List<LeftOut>(), new List<double[]>());
        foreach (var column in columns.Features?.Select(name => table[name]) ?? table.Columns.Where(column => column != treatment && column != table[columns.Outcome]))
        {
            var own = Encode(table, column, rows);
            var why = own is null ? HasManyValues : own.Count == 0 ? IsConstant : columns.Features is not null ? null
                : own.Any(one => Differs(one, treated)) ? IsUnbalanced : Tells(column, rows, outcome) ? TellsOutcome : null;
            if (why is not null)
            {
                leftOut.Add(new LeftOut(column.Name, why));
                continue;
            }

            used.Add(column.Name);
            encoded.AddRange(own!);
        }

        if (used.Count == 0)
            throw new BadInputException("no-features", new Text(
                $"{table.File}: no column tells customers apart: {string.Join("; ", leftOut.Select(one => $"`{one.Column}` {one.Why.English}"))}; name some with --features.",
                $"{table.File}: нет колонок, по которым различаются покупатели: {string.Join("; ", leftOut.Select(one => $"`{one.Column}` {one.Why.Russian}"))}; назовите их через --features."));
        return new UpliftTable(
            Means(treatment, allOutcomes, control), treated, outcome, used, leftOut, [.. Enumerable.Range(0, rows.Length).Select(row => (double[])[1, .. encoded.Select(one => one[row])])]);
    }

    static string DefaultControl(AnyTable table, AnyColumn treatment) => treatment.Words.Order().SequenceEqual(["0", "1"]) ? "0" : throw new BadInputException("no-control", new Text(
        $"{table.File}: column `{treatment.Name}`: found {Found(treatment)}; name the untreated arm with --control.",
        $"{table.File}: колонка `{treatment.Name}`: найдено {Found(treatment)}; назовите группу без воздействия через --control."));

    static int ArmOf(AnyTable table, AnyColumn treatment, string name, string option)
    {
        var arm = treatment.Words.ToList().IndexOf(name);
        return arm >= 0 && treatment.Words.Count > 1 ? arm : throw new BadInputException("no-control", new Text(
            $"{table.File}: column `{treatment.Name}`: found {Found(treatment)}; expected two arms or more, '{name}' ({option}) among them.",
            $"{table.File}: колонка `{treatment.Name}`: найдено {Found(treatment)}; ожидалось две группы или больше, среди них «{name}» ({option})."));
    }

    static string Found(AnyColumn treatment) => string.Join(", ", treatment.Words.Take(10)) + (treatment.Words.Count > 10 ? "..." : "");

    static List<UpliftArm> Means(AnyColumn treatment, double[] outcome, int control)
    {
        var (counts, sums) = (new int[treatment.Words.Count], new double[treatment.Words.Count]);
        for (var row = 0; row < outcome.Length; row++)
        {
            counts[treatment.WordOf[row]]++;
            sums[treatment.WordOf[row]] += outcome[row];
        }

        return [.. Enumerable.Range(0, counts.Length).OrderBy(arm => arm != control).ThenBy(arm => treatment.Words[arm], StringComparer.Ordinal)
            .Select(arm => new UpliftArm(treatment.Words[arm], counts[arm], sums[arm] / counts[arm]))];
    }

    /// <summary>A column as standardised numbers; none where it doesn't vary, null where it has too many words.</summary>
    static List<double[]>? Encode(AnyTable table, AnyColumn column, int[] rows)
    {
        if (column.IsNumbers)
        {
            var numbers = table.Numbers(column);
            var own = Array.ConvertAll(rows, row => numbers[row]);
            // Money is skewed; its rank says other things than its amount.
            return [.. ((double[][])[own, .. own.Distinct().Take(3).Count() > 2 ? [Ranks(own)] : Array.Empty<double[]>()]).Select(Standardise).OfType<double[]>()];
        }

        return column.Words.Count > MostValues ? null
            : [.. Enumerable.Range(0, column.Words.Count).Select(word => Standardise(Array.ConvertAll(rows, row => column.WordOf[row] == word ? 1.0 : 0))).OfType<double[]>()];
    }

    static double[] Ranks(double[] values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var ranks = new Dictionary<double, double>();
        for (int from = 0, to; from < sorted.Length; from = to)
        {
            for (to = from; to < sorted.Length && sorted[to] == sorted[from];) to++;
            ranks[sorted[from]] = (from + to) / 2.0;
        }

        return Array.ConvertAll(values, value => ranks[value]);
    }

    static double[]? Standardise(double[] values)
    {
        var mean = values.Average();
        var spread = Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length);
        return spread > 1e-9 * Math.Max(1, Math.Abs(mean)) ? Array.ConvertAll(values, value => (value - mean) / spread) : null;
    }

    static bool Differs(double[] values, bool[] treated)
    {
        var (with, without) = (default(Moments), default(Moments));
        for (var row = 0; row < values.Length; row++)
        {
            if (treated[row]) with = with.With(values[row]);
            else without = without.With(values[row]);
        }

        return Math.Abs(with.Mean - without.Mean) > Unbalanced * Math.Sqrt((with.Variance / with.Count) + (without.Variance / without.Count));
    }

    /// <summary>True where the customers of one value, or all but those of the commonest, have all the same outcome, and not by chance.</summary>
    static bool Tells(AnyColumn column, int[] rows, double[] outcome)
    {
        var share = outcome.GroupBy(one => one).ToDictionary(one => one.Key, one => (double)one.Count() / outcome.Length);
        var groups = rows.Select((row, at) => (Word: column.WordOf[row], Outcome: outcome[at])).GroupBy(one => one.Word, one => one.Outcome).Select(group => group.ToList()).ToList();
        var commonest = groups.MaxBy(group => group.Count)!;
        return groups.Append([.. groups.Where(group => group != commonest).SelectMany(group => group)])
            .Any(group => group.Count > 0 && group.TrueForAll(one => one == group[0]) && Math.Pow(share[group[0]], group.Count) < 1e-9);
    }
}
