using Volna.Learning.Networks;
using Volna.Learning.Sessions;

namespace Volna.Learning.Evaluation;

/// <summary>How well the next product of a visit was foretold among all products.</summary>
/// <param name="Options">Chosen by the newest sessions of those to learn from.</param>
/// <param name="NetworkOptions">Likewise; null where a network has no say.</param>
/// <param name="Neighbours">The model without a network.</param>
/// <param name="Network">The network alone; null where it has no say.</param>
public sealed record SessionResult(
    int Cases, int Sessions, int Products, SessionOptions Options, NetworkOptions? NetworkOptions, SessionQuality Quality, SessionQuality Neighbours, SessionQuality? Network, double? CasesPerSecond);

/// <summary>Judges <see cref="SessionModel"/> on visits broken off.</summary>
public static class SessionJob
{
    public static SessionResult Run(string trainPath, string testPath, ParallelOptions parallel)
    {
        var data = SessionsFeed.Read(trainPath, testPath, parallel.CancellationToken);
        var (options, networkOptions) = SessionTuning.Choose(data.Sessions, data.Products, parallel);
        var network = networkOptions is null ? null : NetworkModel.Fit(data.Sessions, data.Products, networkOptions, parallel);
        var model = SessionModel.Fit(data.Sessions, data.Products, options, network);
        var before = Environment.CpuUsage.TotalTime;
        var quality = SessionQuality.Judge(model, data.Cases, new ParallelOptions { MaxDegreeOfParallelism = 1, CancellationToken = parallel.CancellationToken });
        var taken = Environment.CpuUsage.TotalTime - before;
        return new SessionResult(
            data.Cases.Count, data.Sessions.Count, data.Products, options, networkOptions, quality,
            network is null ? quality : SessionQuality.Judge(model.With(options with { Network = 0 }), data.Cases, parallel),
            network is null ? null : SessionQuality.Judge(model.With(options with { Network = 1 }, network), data.Cases, parallel), Pace.PerSecond(data.Cases.Count, taken));
    }
}
