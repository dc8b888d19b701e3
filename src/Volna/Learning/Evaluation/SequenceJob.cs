using Volna.Kernels;
using Volna.Learning.Factors;
using Volna.Learning.Networks;
using Volna.Learning.Sequences;

namespace Volna.Learning.Evaluation;

/// <summary>How well the last product of each sequence was foretold among all products; means over customers.</summary>
/// <param name="Options">Chosen by the last but one product of each.</param>
/// <param name="NetworkOptions">Likewise; null where a network has no say.</param>
/// <param name="Followers">The model without a network.</param>
/// <param name="Network">The network alone; null where it has no say.</param>
/// <param name="Factors">Implicit ALS, which knows no order, to compare.</param>
public sealed record SequenceResult(
    int Customers, int Products, SequenceOptions Options, NetworkOptions? NetworkOptions, SequenceQuality Model, SequenceQuality Followers, SequenceQuality? Network, SequenceQuality Factors,
    double? CustomersPerSecond);

public readonly record struct SequenceQuality(Ranking At5, Ranking At10);

/// <summary>Judges <see cref="SequenceModel"/> on a file of sequences, leaving the last product of each out.</summary>
public static class SequenceJob
{
    /// <param name="onValidation">True to foretell the last but one, by which the settings were chosen, and leave the last alone.</param>
    public static SequenceResult Run(string path, string? attributesPath, bool onValidation, ParallelOptions parallel)
    {
        var data = SequencesFeed.Read(path, attributesPath, parallel.CancellationToken);
        var (options, networkOptions) = SequenceTuning.Choose(data.Sequences, data.Products, data.Attributes, parallel);
        var cut = onValidation ? 2 : 1;
        int[][] known = [.. data.Sequences.Select(sequence => sequence[..^cut])];
        var network = networkOptions is null ? null : NetworkModel.Fit(known, data.Products, networkOptions, parallel);
        var model = SequenceModel.Fit(known, data.Products, data.Attributes, options, parallel, network);
        var factors = FactorModel.Fit([.. known.Select(one => one.Distinct().ToArray())], data.Products, new FactorOptions(), parallel);
        var before = Environment.CpuUsage.TotalTime;
        var quality = Judge(model.Top, new ParallelOptions { MaxDegreeOfParallelism = 1, CancellationToken = parallel.CancellationToken });
        var taken = Environment.CpuUsage.TotalTime - before;
        return new SequenceResult(
            data.Sequences.Count, data.Products, options, networkOptions, quality, network is null ? quality : Judge(model.With(options with { Network = 0 }).Top, parallel),
            network is null ? null : Judge(model.With(options with { Network = 1 }, network).Top, parallel), Judge(Top, parallel), Pace.PerSecond(data.Sequences.Count, taken));

        SequenceQuality Judge(NextProducts top, ParallelOptions threads) => SequenceTest.Judge(top, data.Sequences, cut, 1, threads) is var (at5, at10) ? new(at5, at10) : default;

        int Top(ReadOnlySpan<int> history, ScoreMemory memory, Span<int> products)
        {
            var found = new int[products.Length + history.Length];
            factors.Top(factors.FoldIn(history), found.Length, found, new float[found.Length]);
            var count = 0;
            foreach (var product in found)
                if (product >= 0 && count < products.Length && !history.Contains(product)) products[count++] = product;
            return count;
        }
    }
}
