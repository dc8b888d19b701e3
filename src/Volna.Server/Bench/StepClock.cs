namespace Volna.Server.Bench;

/// <summary>Tells how many processor seconds each step of a job took, from its first report to that of the next one.</summary>
/// <param name="next">Gets the reports, too.</param>
sealed class StepClock(IProgress<StepProgress>? next) : IProgress<StepProgress>
{
    readonly Lock _gate = new();
    readonly List<(string Step, TimeSpan Start)> _steps = [("Inputs", Environment.CpuUsage.TotalTime)];

    public void Report(StepProgress value)
    {
        lock (_gate)
            if (_steps[^1].Step != value.Step.English) _steps.Add((value.Step.English, Environment.CpuUsage.TotalTime));
        next?.Report(value);
    }

    /// <summary>By step, the last one until now.</summary>
    public IReadOnlyDictionary<string, double> Seconds()
    {
        var ends = _steps.Skip(1).Select(step => step.Start).Append(Environment.CpuUsage.TotalTime);
        return _steps.Zip(ends, (step, end) => (step.Step, Seconds: (end - step.Start).TotalSeconds))
            .GroupBy(one => one.Step).ToDictionary(group => group.Key, group => Math.Round(group.Sum(one => one.Seconds), 2));
    }
}
