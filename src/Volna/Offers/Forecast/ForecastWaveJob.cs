using Volna.Offers.Generation;

namespace Volna.Offers.Forecast;

/// <summary>Foretells a wave from a sample of its customers, in seconds; keeps nothing.</summary>
public static class ForecastWaveJob
{
    /// <param name="sample">About so many customers; limits are scaled to them.</param>
    /// <param name="whatIfs">Changes of limits, see <see cref="WhatIf"/>; all together make the second forecast.</param>
    /// <returns>As the plan is, and with the changes; null without any.</returns>
    /// <exception cref="BadInputException">A change is wrong.</exception>
    /// <exception cref="GuardException">The data have changed since the wave was made, or a promise can't be kept.</exception>
    public static (WaveForecast AsPlanned, WaveForecast? Changed) Forecast(
        DataFolder folder, StateStore state, Wave wave, int sample, IReadOnlyList<string> whatIfs, int threads, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var (waves, customers) = SampleWaveJob.Value(
            folder, state, wave, sample, plan => whatIfs.Count == 0 ? [plan] : [plan, whatIfs.Aggregate(plan, WhatIf.Apply)], threads, progress, stop);
        var asPlanned = WaveForecast.Of(waves[0], customers, threads, progress, stop);
        return (asPlanned, waves.Count == 1 ? null : WaveForecast.Of(waves[1], customers, threads, progress, stop));
    }
}
