using Volna.Learning.Sessions;

namespace Volna.Learning.Evaluation;

/// <summary>How well the next product of a visit was foretold among all products.</summary>
/// <param name="Options">Chosen by the newest sessions of those to learn from.</param>
public sealed record SessionResult(int Cases, int Sessions, int Products, SessionOptions Options, SessionQuality Quality, double CasesPerSecond);

/// <summary>Judges <see cref="SessionModel"/> on visits broken off.</summary>
public static class SessionJob
{
    public static SessionResult Run(string trainPath, string testPath, ParallelOptions parallel)
    {
        var data = SessionsFeed.Read(trainPath, testPath, parallel.CancellationToken);
        var options = SessionTuning.Choose(data.Sessions, data.Products, parallel);
        var model = SessionModel.Fit(data.Sessions, data.Products, options);
        var before = Environment.CpuUsage.TotalTime;
        var quality = SessionQuality.Judge(model, data.Cases, new ParallelOptions { MaxDegreeOfParallelism = 1, CancellationToken = parallel.CancellationToken });
        return new SessionResult(
            data.Cases.Count, data.Sessions.Count, data.Products, options, quality, data.Cases.Count / (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }
}
