using Volna.Kernels;
using Volna.Learning.Sequences;

namespace Volna.Learning.Evaluation;

/// <summary>How well the last product of each sequence was foretold among all products; means over customers.</summary>
/// <param name="Options">Chosen by the last but one product of each.</param>
public sealed record SequenceResult(int Customers, int Products, SequenceOptions Options, Ranking At5, Ranking At10, double CustomersPerSecond);

/// <summary>Judges <see cref="SequenceModel"/> on a file of sequences, leaving the last product of each out.</summary>
public static class SequenceJob
{
    /// <param name="onValidation">True to foretell the last but one, by which the settings were chosen, and leave the last alone.</param>
    public static SequenceResult Run(string path, string? attributesPath, bool onValidation, ParallelOptions parallel)
    {
        var data = SequencesFeed.Read(path, attributesPath, parallel.CancellationToken);
        var options = SequenceTuning.Choose(data.Sequences, data.Products, data.Attributes, parallel);
        var cut = onValidation ? 2 : 1;
        var model = SequenceModel.Fit([.. data.Sequences.Select(sequence => sequence[..^cut])], data.Products, data.Attributes, options, parallel);
        var before = Environment.CpuUsage.TotalTime;
        var (at5, at10) = SequenceTest.Judge(model, data.Sequences, cut, 1, new ParallelOptions { MaxDegreeOfParallelism = 1, CancellationToken = parallel.CancellationToken });
        return new SequenceResult(data.Sequences.Count, data.Products, options, at5, at10, data.Sequences.Count / (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }
}
