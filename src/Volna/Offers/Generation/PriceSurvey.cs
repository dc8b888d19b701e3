using Volna.Kernels;
using Volna.Offers.Allocation;
using Volna.Offers.Choice;
using Volna.Offers.Filter;

namespace Volna.Offers.Generation;

/// <summary>Finds from a sample of a wave's customers between what prices of the limits it will be shared out.</summary>
static class PriceSurvey
{
    /// <summary>Of fewer customers all that may be offered is kept.</summary>
    const int FewestCustomers = 4_000;

    const int LeastSample = 2_000, OneOf = 10, EnoughForFew = 20_000, OneOfMany = 50, EnoughForAll = 60_000;

    /// <returns>Null where there are too few customers to draw a sample.</returns>
    public static PriceRange? Of(WaveInputs inputs, Goods goods, SharedLimits limits, ParallelOptions parallel)
    {
        if (limits.Limits.IsEmpty) return PriceRange.Nothing;
        var customers = inputs.Profiles.Count(profile => profile.Id.Value != 0);
        if (customers < FewestCustomers) return null;
        var share = (double)Math.Clamp(customers / OneOf, LeastSample, Math.Clamp(customers / OneOfMany, EnoughForFew, EnoughForAll)) / customers;
        var profiles = Array.ConvertAll(inputs.Profiles, profile => new Draw(inputs.Wave.Seed, "prices", profile.KeyHash).NextUnit() < share ? profile : default);
        var sampled = inputs with { Profiles = profiles, ReadShard = (shard, _) => inputs.ReadShard(shard, customer => profiles[customer].Id.Value != 0) };
        var each = (double)customers / Math.Max(profiles.Count(profile => profile.Id.Value != 0), 1);
        // What is too dear at any of the prices leaves its place among a customer's candidates to others, which then use other limits: so they are asked again.
        return Ask(Ask(null));

        PriceRange Ask(PriceRange? before)
        {
            var valued = ValuedWave.Of(sampled, goods, limits, each, parallel, before);
            // What a promise costs shows only when all are shared out. A limit that is less than an offer of the sample is scarce, whatever would be drawn for it.
            var problem = valued.Problem with
            {
                Limits = [.. limits.Limits.Select(limit => limit with { Most = (long)(limit.Most / each), Least = 0 })],
                Expected = before is null ? valued.Problem.Expected : [.. before.Found],
            };
            var allocated = Allocate.Run(problem, null, parallel.MaxDegreeOfParallelism, null, parallel.CancellationToken);
            var range = PriceRange.Around(problem, allocated, [.. limits.Limits.Select(limit => limit.Least > 0)]);
            GenerateWaveJob.FreeMemory();
            return range;
        }
    }
}
