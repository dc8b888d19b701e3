using System.Collections.Immutable;
using Volna.Kernels;
using Volna.Reports.Statistics;

namespace Volna.Reports.Experiments;

/// <summary>How an experiment is to be judged.</summary>
/// <param name="Control">Name of the arm that the others are compared with.</param>
/// <param name="Cap">Outcomes above it count as it; null for none.</param>
/// <param name="PlannedCustomers">Customers the experiment shall have at its end, where it is looked at before; null where it is looked at once, at its end.</param>
public sealed record ExperimentQuestion(string Control, double? Cap, long? PlannedCustomers);

/// <summary>What an experiment shows.</summary>
/// <param name="Capped">Customers whose outcome lies above the cap.</param>
/// <param name="AnyTime">True where the intervals hold however often one looks.</param>
public sealed record ExperimentResult(string Control, double? Cap, long Capped, bool AnyTime, ImmutableArray<ArmResult> Arms);

/// <summary>One arm against the control. The control's own row has no difference.</summary>
/// <param name="Verdict">Why there is no difference, or <see cref="NoVerdict.None"/>.</param>
/// <param name="CorrectedPValue">Of the difference, for the several arms compared, by Holm.</param>
/// <param name="Relative">The difference as a share of the control; null where that isn't surely above zero.</param>
/// <param name="Adjusted">Null for the control and where nothing is to be adjusted by.</param>
public sealed record ArmResult(
    string Arm, long N, double? Mean, NoVerdict? Verdict, double? Difference, double? Lower, double? Upper, double? PValue, double? CorrectedPValue,
    Effect? Relative, AdjustedResult? Adjusted);

/// <summary>The difference adjusted by what was measured before, or why it isn't.</summary>
/// <param name="BalancePValue">Of the arms' difference before the experiment.</param>
/// <param name="IntervalShare">Width of the adjusted interval as a share of the plain one.</param>
public sealed record AdjustedResult(
    AdjustmentVerdict Verdict, double? BalancePValue, double? Difference, double? Lower, double? Upper, double? PValue, double? CorrectedPValue, Effect? Relative, double? IntervalShare);

/// <summary>Judges an experiment of any kind from a table of its customers.</summary>
public static class Experiment
{
    const int Outcome = 0, Per = 1, Covariates = 2;

    /// <exception cref="BadInputException">There is no such control, or nothing to compare with it.</exception>
    public static ExperimentResult Judge(ExperimentTable table, ExperimentQuestion question)
    {
        var arms = table.Arms;
        var control = arms.ToList().IndexOf(question.Control);
        if (control < 0 || arms.Count < 2)
            throw new BadInputException("no-control", new Text(
                $"{table.File}: found the arms {string.Join(", ", arms)}; expected '{question.Control}', the control, and at least one more.",
                $"{table.File}: найдены группы: {string.Join(", ", arms)}; ожидались контрольная «{question.Control}» и хотя бы ещё одна."));

        if (table is { Per: not null, StratumOf: not null })
            throw new BadInputException("ratio-in-strata", new Text(
                $"{table.File}: a ratio can't be compared within strata, because its strata don't add up to it; leave out one of both.",
                $"{table.File}: отношение нельзя сравнивать внутри групп: из отношений по группам общее не складывается; уберите одно из двух."));

        var strata = table.StratumOf is { } stratumOf ? stratumOf.Max() + 1 : 1;
        var moments = new VectorMoments[arms.Count, strata];
        for (var arm = 0; arm < arms.Count; arm++)
            for (var stratum = 0; stratum < strata; stratum++)
                moments[arm, stratum] = new VectorMoments(Covariates + table.Covariates.Count);

        var capped = 0L;
        var values = new double[Covariates + table.Covariates.Count];
        for (var row = 0; row < table.ArmOf.Length; row++)
        {
            values[Outcome] = table.Outcome[row];
            if (values[Outcome] > question.Cap)
            {
                values[Outcome] = question.Cap.Value;
                capped++;
            }

            values[Per] = table.Per?[row] ?? 1;
            for (var i = 0; i < table.Covariates.Count; i++) values[Covariates + i] = table.Covariates[i][row];
            moments[table.ArmOf[row], table.StratumOf?[row] ?? 0].Add(values);
        }

        var compared = Enumerable.Range(0, arms.Count).Where(arm => arm != control).Select(arm => Compared(arm)).ToList();
        var plain = Corrected(compared, one => one.Plain?.PValue);
        var adjusted = Corrected(compared, one => one.Adjusted?.PValue);
        return new ExperimentResult(
            question.Control, question.Cap, capped, question.PlannedCustomers is not null,
            [Alone(control), .. compared.Select((one, i) => Result(one, plain[i], adjusted[i]))]);

        Comparison Compared(int arm)
        {
            var covariates = Enumerable.Range(Covariates, table.Covariates.Count).ToArray();
            var pairs = Enumerable.Range(0, strata).Select(stratum => (A: FigureOf(moments[arm, stratum]), B: FigureOf(moments[control, stratum]))).ToList();
            var (n, controls) = (Count(arm), Count(control));
            var verdict = Math.Min(n, controls) < Compare.LeastCustomers || pairs.Any(pair => pair.A is null || pair.B is null) ? NoVerdict.TooFewCustomers : NoVerdict.None;
            if (verdict != NoVerdict.None) return new Comparison(arm, n, verdict, null, null, null, null, null);

            // Unstratified, there is one pair; with strata, each is adjusted within itself by one theta of its own.
            var planned = question.PlannedCustomers is { } customers ? (double)(n + controls) / customers : (double?)null;
            Adjustment[] none = [.. pairs.Select(pair => Adjustment.Of(pair.A!, pair.B!, []))], fitted = [.. pairs.Select(pair => Adjustment.Of(pair.A!, pair.B!, covariates))];
            var worst = fitted.MaxBy(one => one.Verdict)!;
            var sound = covariates.Length > 0 && worst.Verdict == AdjustmentVerdict.Sound;
            var plain = Effect(Difference(none));
            if (plain is null) return new Comparison(arm, n, NoVerdict.NothingVaries, null, null, worst, null, null);
            return new Comparison(arm, n, NoVerdict.None, plain, Effect(Relative(none)), worst, sound ? Effect(Difference(fitted)) : null, sound ? Effect(Relative(fitted)) : null);

            Contrast? Difference(Adjustment[] by) => PostStratified.Of([.. pairs.Select((pair, i) => by[i].Difference(pair.A!, pair.B!))]);

            Contrast? Relative(Adjustment[] by) => strata == 1 ? by[0].Relative(pairs[0].A!, pairs[0].B!) : null;

            Effect? Effect(Contrast? contrast) =>
                contrast is not { } one ? null : planned is { } share ? one.LookedAtAnyTime(one.Variance * share) : one.LookedAtOnce();
        }

        Figure? FigureOf(VectorMoments one) => table.Per is null ? Figure.OfMean(one, Outcome) : Figure.OfRatio(one, Outcome, Per);

        long Count(int arm) => Enumerable.Range(0, strata).Sum(stratum => moments[arm, stratum].Count);

        double? Mean(int arm)
        {
            var whole = new VectorMoments(values.Length);
            for (var stratum = 0; stratum < strata; stratum++) whole.Merge(moments[arm, stratum]);
            return table.Per is null ? whole.Mean(Outcome) : whole.Mean(Per) == 0 ? null : whole.Mean(Outcome) / whole.Mean(Per);
        }

        ArmResult Alone(int arm) => new(arms[arm], Count(arm), Mean(arm), null, null, null, null, null, null, null, null);

        ArmResult Result(Comparison one, double? corrected, double? adjustedCorrected) => new(
            arms[one.Arm], one.N, Mean(one.Arm), one.Verdict, one.Plain?.Difference, one.Plain?.Lower, one.Plain?.Upper, one.Plain?.PValue, corrected, one.Relative,
            table.Covariates.Count == 0 || one.Adjustment is null ? null : new AdjustedResult(
                one.Adjustment.Verdict, one.Adjustment.BalancePValue, one.Adjusted?.Difference, one.Adjusted?.Lower, one.Adjusted?.Upper, one.Adjusted?.PValue, adjustedCorrected,
                one.AdjustedRelative, one.Adjusted?.Width / one.Plain?.Width));
    }

    static double?[] Corrected(IReadOnlyList<Comparison> compared, Func<Comparison, double?> pValue)
    {
        var known = compared.Where(one => pValue(one) is not null).ToList();
        var corrected = Several.Holm([.. known.Select(one => pValue(one)!.Value)]);
        return [.. compared.Select(one => known.IndexOf(one) is >= 0 and var at ? corrected[at] : (double?)null)];
    }

    sealed record Comparison(int Arm, long N, NoVerdict Verdict, Effect? Plain, Effect? Relative, Adjustment? Adjustment, Effect? Adjusted, Effect? AdjustedRelative);
}
