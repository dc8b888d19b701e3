using Volna.Reports;

namespace Volna.Server;

/// <summary>What <c>volna watch</c> does once, again and again while the server runs. A look that fails is told and the next one tries again.</summary>
sealed partial class WatchLoop(DataFolder folder, StateStore state, HostOptions options, TimeProvider time, ILogger<WatchLoop> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.WatchEvery!.Value, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var outcome in FinalReportJob.Make(folder, state, time.GetLocalNow(), null, stoppingToken))
                    if (outcome.Failure is { } failure)
                        Failed(log, outcome.Wave, failure.English);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Broken(log, failure);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Wave {Wave}: no final report: {Reason}")]
    static partial void Failed(ILogger log, string wave, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A look at the waves failed; the next one tries again.")]
    static partial void Broken(ILogger log, Exception failure);
}
