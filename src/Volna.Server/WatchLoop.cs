using Volna.Reports;
using Volna.Reports.Health;
using Volna.Reports.Notices;

namespace Volna.Server;

/// <summary>What <c>volna watch</c> does once, again and again while the server runs. A look that fails is told and the next one tries again.</summary>
sealed partial class WatchLoop(DataFolder folder, StateStore state, HostOptions options, AnswerTimes times, TimeProvider time, ILogger<WatchLoop> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
        using var timer = new PeriodicTimer(options.WatchEvery!.Value, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                WatchJob.KeepAnswerTimes(state, times, time.GetLocalNow());
                foreach (var outcome in WatchJob.Run(folder, state, time.GetLocalNow(), null, stoppingToken).Reports)
                    if (outcome.Failure is { } failure)
                        Failed(log, outcome.Wave, failure.English);
                await DeliverNoticesJob.Deliver(folder, state, http, time, stoppingToken);
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
