using Volna.Intake.History;
using Volna.Offers.Plans;

namespace Volna.Offers.Generation;

/// <summary>Values a sample of a wave's customers, in memory; keeps nothing.</summary>
static class SampleWaveJob
{
    /// <param name="sample">About so many customers.</param>
    /// <param name="plans">What to value it under, made of the wave's own plan.</param>
    /// <returns>One for each plan, and how many customers there are in all.</returns>
    /// <exception cref="GuardException">The data have changed since the wave was made.</exception>
    public static (IReadOnlyList<ValuedWave> Waves, long Customers) Value(
        DataFolder folder, StateStore state, Wave wave, int sample, Func<Plan, IReadOnlyList<Plan>> plans, int threads, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop };
        using var history = HistoryStore.Open(folder, state);
        using var loaded = LoadedInputs.Load(folder, state, wave, history, sample);
        var inputs = loaded.Inputs;
        var lastSold = GenerateWaveJob.FindLastSold(inputs, parallel, progress);
        var sampled = inputs.Profiles.LongCount(profile => profile.Id.Value != 0);
        if (sampled == 0)
            throw new BadInputException("no-customers", new Text(
                $"wave {wave.Id}: there are no customers; import customers or receipts first.", $"волна {wave.Id}: покупателей нет; сначала загрузите покупателей или чеки."));
        var valued = new List<ValuedWave>();
        foreach (var plan in plans(inputs.Plan))
        {
            var own = inputs with { Plan = plan };
            valued.Add(ValuedWave.Of(own, own.Goods(lastSold), (double)loaded.Customers / sampled, parallel));
        }

        return (valued, loaded.Customers);
    }
}
