using System.Collections.Immutable;
using System.IO;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning;
using Volna.Offers.Allocation;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Generation;
using Volna.Offers.Plans;
using Volna.Offers.Response;

namespace Volna.Offers.Compare;

/// <summary>Values another plan, another model, or both from the waves of the past: lets them decide once more on the customers of the waves' trials, and compares with what came.</summary>
public static class ComparePolicyJob
{
    /// <param name="planPath">The plan to be valued, a file or a kept one; null for each wave's own.</param>
    /// <param name="model">Version of the model to be valued; null for each wave's own.</param>
    /// <param name="latest">So many waves are looked at, the latest whose validity is over.</param>
    /// <exception cref="BadInputException">The plan is wrong, the model unknown, or no wave of the past can tell about them.</exception>
    public static LoggedWaves Run(DataFolder folder, StateStore state, string? planPath, string? model, int latest, int threads, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var plan = planPath is null ? ((string, Plan)?)null : ReadPlan(planPath, state);
        var modelDay = model is null ? (DateOnly?)null : new ModelStore(folder).Load(model).Day;
        using var history = HistoryStore.Open(folder, state);
        var snapshot = history.Snapshot();
        var all = new WaveStore(state).List();
        // A model that has seen a wave's own purchases would know the answers.
        var waves = all.Where(wave => wave.Status is WaveStatus.Published or WaveStatus.Closed or WaveStatus.Reported && wave.Validity.End <= snapshot.LastDay?.AddDays(1)
            && !(modelDay > wave.Validity.Start) && File.Exists(folder.Trial(wave.Id))).Take(latest).ToList();
        if (waves.Count == 0)
            throw new BadInputException("no-logged-waves", new Text(
                $"{folder.Root}: no published wave is over that keeps its hold-out's offers{(model is null ? "" : $" and began after the model {model} was learnt")}; make waves first{(model is null ? "" : ", or give an older model")}.",
                $"{folder.Root}: нет завершённой опубликованной волны, где записаны несделанные предложения контрольной группы{(model is null ? "" : $", начавшейся после обучения модели {model}")}; сначала проведите волны{(model is null ? "" : " или укажите более старую модель")}."));

        var offers = new List<LoggedOffer>();
        long otherOffers = 0;
        for (var at = 0; at < waves.Count; at++)
        {
            progress?.Report(new StepProgress(new("Waves", "Волны"), at, waves.Count, new("waves", "волн")));
            otherOffers += Add(folder, state, history, snapshot, at, waves[at], all, plan, model, offers, threads, stop);
        }

        if (offers.Count == 0)
            throw new BadInputException("no-logged-waves", new Text(
                $"{folder.Root}: in these waves no offer was made or withheld; take more of them with --waves.", $"{folder.Root}: в этих волнах ни одно предложение не сделано и не удержано; возьмите больше волн (--waves)."));
        return LoggedWaves.Of(offers, otherOffers);
    }

    static (string Text, Plan Plan) ReadPlan(string reference, StateStore state)
    {
        var (name, text) = PlanStore.Read(reference, state);
        return (text, PlanFile.Parse(name, text));
    }

    /// <returns>How many offers the other policy would have made.</returns>
    static long Add(
        DataFolder folder, StateStore state, HistoryStore history, Snapshot snapshot, int number, Wave wave, IReadOnlyList<Wave> all, (string Text, Plan Plan)? given, string? model, List<LoggedOffer> offers,
        int threads, CancellationToken stop)
    {
        var trial = TrialStore.Find(folder, wave.Id)!;
        var (among, catalog) = (trial.Select(offer => offer.Customer).ToHashSet(), new CatalogStore(state).Load(wave.Validity.Start));
        var other = wave with { ModelVersion = model ?? wave.ModelVersion };
        if (given is var (text, plan))
        {
            // What a learning plan would have known then.
            var response = plan.LearnsResponse ? ResponseJob.Learn(folder, history, snapshot, catalog, plan, [.. all.Where(one => wave.Earlier.Contains(one.Id)).Take(PlanFile.EarlierWaves)], wave.Validity.Start, wave.Seed) : [];
            other = other with { Plan = text, Response = response };
        }

        // Of all there were then.
        var counted = WaveStatistics.FromJson(wave.Statistics!);
        var own = LearntOdds.Apply(wave.Response, PlanFile.Parse($"wave {wave.Id}", wave.Plan));
        var design = new Trial(wave.Seed, own.HoldoutShare, (int)(counted.Customers + counted.UniversallyHeldOut));
        using var loaded = LoadedInputs.LoadPast(folder, state, other, history, snapshot, catalog, among);
        // The limits were for the offered alone; here the held-out take part. Nobody is held out, and nothing is drawn: how likely each depth is, is reckoned.
        var explored = loaded.Inputs.Plan.ExplorationShare;
        var inputs = loaded.Inputs with { Plan = loaded.Inputs.Plan with { HoldoutShare = 0, UniversalHoldoutShare = 0, ExplorationShare = 0 } };
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop };
        var valued = ValuedWave.Of(inputs, inputs.Goods(GenerateWaveJob.FindLastSold(inputs, parallel, null)), (1 - own.HoldoutShare) / design.LookedAt, parallel);
        var decided = valued.Assemble(Allocate.Run(valued.Problem, null, threads, null, stop), new WaveTally(inputs.Plan.Segments.Length)).SelectMany(one => one.Offers)
            .ToDictionary(offer => (offer.Customer.Value, offer.Target));

        var (ownDepths, otherDepths) = (OfferValuation.DepthsOf(own), OfferValuation.DepthsOf(inputs.Plan));
        foreach (var customer in ResponseJob.Read(folder, history, snapshot, catalog, own.AssumedCost, [wave]))
            foreach (var tried in customer.Offers)
            {
                var (made, price) = (tried.As, new PriceTerms(new Money((long)tried.As.PriceMinor), new Money((long)tried.As.CostMinor), Money.Zero, false));
                var alike = customer.Offers.Count(one => catalog.Product(one.As.Product).Category == catalog.Product(made.Product).Category);
                var expected = ownDepths[(int)made.Slot]!;
                var rung = expected.Nearest(price, new Percent(made.DepthBasisPoints));
                // Waves made before kept the step for the depth of amounts off and fixed prices.
                made = made with { DepthBasisPoints = (ushort)rung.Depth.BasisPoints };
                var usual = customer.UsualMarginMinor;
                var gain = expected.Expect(made.Chance, price, rung, usual).Margin;
                var without = expected.Without(made.Chance, price) + (tried.UsualAlikeMarginMinor / alike);
                // What was paid tells of every discount but points.
                var points = expected.Terms.Mechanic == Mechanic.Points && !made.IsGhost && tried.Bought ? made.PriceMinor * made.DepthBasisPoints / 10_000.0 : 0;
                var propensities = ImmutableDictionary.CreateRange([KeyValuePair.Create((int)made.DepthBasisPoints, (double)made.Propensity)]);
                offers.Add(new LoggedOffer(
                    number, made.Customer, made, design.HeldOutShare, tried.MarginMinor - points + (tried.AlikeMarginMinor / alike), without,
                    new OtherDecision(propensities, gain, gain), Decision(made, decided.GetValueOrDefault((made.Customer, made.Product)), price, usual)));
            }

        return decided.Count;

        OtherDecision Decision(in TrialOffer made, Offer? offer, in PriceTerms price, double usual)
        {
            if (offer is null) return new OtherDecision([], 0, 0);
            var depths = otherDepths[(int)offer.Slot]!;
            var rungs = new Rung[depths.Steps.Length];
            rungs = rungs[..depths.Reduce(price with { Price = offer.RegularPrice, Floor = offer.Floor }, rungs)];
            var best = Array.FindIndex(rungs, rung => rung.Depth == offer.Depth);
            var (chances, expectation) = (ImmutableDictionary.CreateBuilder<int, double>(), 0.0);
            for (var at = 0; at < rungs.Length; at++)
            {
                var chance = DepthChoice.Propensity(new DepthDecision(best, rungs.Length, 0), explored, at);
                if (chance == 0) continue;
                chances[rungs[at].Depth.BasisPoints] = chance;
                expectation += chance * depths.Expect(made.Chance, price, rungs[at], usual).Margin;
            }

            return new OtherDecision(chances.ToImmutable(), 0, expectation);
        }
    }
}
