using Volna.Kernels;
using Volna.Learning.Baskets;

namespace Volna.Learning.Evaluation;

/// <summary>How well next baskets were foretold, beside two baselines; means over customers, top 10.</summary>
/// <param name="Options">Chosen on the part <c>validate</c>; the defaults where there is none.</param>
/// <param name="CustomersPerSecond">Ranked in a second of one processor.</param>
public sealed record NextBasketResult(
    int Customers, int Products, BasketOptions Options, Ranking Model, Ranking MostPopular, Ranking PersonalFrequency, double? CustomersPerSecond);

/// <summary>Judges <see cref="BasketModel"/> on a file of baskets.</summary>
public static class NextBasketJob
{
    public const int Top = 10;

    /// <param name="onValidation">True to judge on the customers by whom the settings were chosen, which flatters, and leave the part <c>test</c> alone.</param>
    public static NextBasketResult Run(string path, bool onValidation, ParallelOptions parallel)
    {
        var parts = BasketsFeed.Read(path, parallel.CancellationToken);
        var validation = Judges(parts.Validate);
        var judges = onValidation ? validation : Judges(parts.Test);
        var judged = onValidation ? "validate" : "test";
        if (parts.Train.Count == 0 || judges.Count == 0)
            throw new BadInputException("part-missing", new Text(
                $"{path}: has {parts.Train.Count} customers in the part `train` and {judges.Count} with two baskets or more in `{judged}`; expected at least one in each.",
                $"{path}: в части `train` {parts.Train.Count} покупателей, в `{judged}` с двумя корзинами и более — {judges.Count}; ожидался хотя бы один в каждой."));
        var options = validation.Count == 0 ? new BasketOptions() : BasketTuning.Choose(parts.Train, validation, parts.Products, parallel);
        var model = BasketModel.Fit(parts.Train, parts.Products, options);
        var (popular, own) = BasketTest.Baselines(parts.Train, judges, parts.Products, Top, parallel);
        var before = Environment.CpuUsage.TotalTime;
        var quality = BasketTest.Judge(model, judges, Top, new ParallelOptions { MaxDegreeOfParallelism = 1, CancellationToken = parallel.CancellationToken });
        var taken = Environment.CpuUsage.TotalTime - before;
        return new NextBasketResult(
            judges.Count, parts.Products, options, quality, popular, own, Pace.PerSecond(judges.Count, taken));
    }

    static List<int[][]> Judges(List<int[][]> customers) => customers.FindAll(baskets => baskets.Length >= 2);
}
