using System.Diagnostics;

namespace Volna.Server.Bench;

/// <summary>Tells what each step of a job took, from its first report to that of the next one.</summary>
/// <param name="next">Gets the reports, too.</param>
sealed class StepClock(IProgress<StepProgress>? next) : IProgress<StepProgress>
{
    readonly Lock _gate = new();
    readonly Stopwatch _clock = Stopwatch.StartNew();
    readonly List<(string Step, Mark Start)> _steps = [("Inputs", default(Mark) with { Processor = Environment.CpuUsage.TotalTime })];

    readonly record struct Mark(TimeSpan Clock, TimeSpan Processor, long PeakBytes);

    public void Report(StepProgress value)
    {
        lock (_gate)
            if (_steps[^1].Step != value.Step.English) _steps.Add((value.Step.English, Now()));
        next?.Report(value);
    }

    /// <summary>By step, the last one until now.</summary>
    public IReadOnlyDictionary<string, StepFigures> Steps()
    {
        var ends = _steps.Skip(1).Select(step => step.Start).Append(Now());
        return _steps.Zip(ends, (step, end) => (step.Step, step.Start, End: end)).GroupBy(one => one.Step).ToDictionary(group => group.Key, group => new StepFigures(
            Math.Round(group.Sum(one => (one.End.Clock - one.Start.Clock).TotalSeconds), 2), Math.Round(group.Sum(one => (one.End.Processor - one.Start.Processor).TotalSeconds), 2),
            group.Max(one => one.End.PeakBytes)));
    }

    Mark Now()
    {
        using var process = Process.GetCurrentProcess();
        return new Mark(_clock.Elapsed, Environment.CpuUsage.TotalTime, process.PeakWorkingSet64);
    }
}

/// <summary>What a step of a job took.</summary>
/// <param name="PeakBytes">Of the process, from its start until the step's end.</param>
sealed record StepFigures(double Seconds, double ProcessorSeconds, long PeakBytes);
