using Volna.Intake.Catalog;
using Volna.Offers.Generation;
using Volna.Offers.Plans;

namespace Volna.Offers.Compare;

/// <summary>Shares out one wave by several methods, in memory, to see what Volna's way is worth.</summary>
public static class CompareWaveJob
{
    /// <param name="sample">About so many customers; limits are scaled to them.</param>
    /// <param name="budget">Most that the discounts of all customers may be expected to cost; null for the plan's own limits alone.</param>
    /// <exception cref="GuardException">The data have changed since the wave was made.</exception>
    public static ComparedWave Compare(
        DataFolder folder, StateStore state, string waveId, int sample, Money? budget, int threads, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var wave = new WaveStore(state).Get(waveId);
        var (waves, _) = SampleWaveJob.Value(folder, state, wave, sample, plan => [budget is { } money ? WithBudget(plan, money) : plan], threads, progress, stop);
        return new ComparedWave(waves[0], threads, progress, stop);
    }

    static Plan WithBudget(Plan plan, Money budget)
    {
        // Below the plan's own one, if there is one.
        const string Name = "--budget";
        return plan with { Limits = plan.Limits.Add(new PlanLimit(Name, TargetKind.Basket, "", budget, null, null)) };
    }
}
