using System.Collections.Immutable;
using Volna.Intake.History;
using Volna.Kernels;

namespace Volna.Learning.Demand;

/// <summary>
/// What one pass over all purchases leaves in memory: the sums of each product as known on each of some mornings, of all customers, and the whole
/// histories of a sample of customers. Whatever else is learnt or measured needs no second pass.
/// </summary>
/// <param name="Customers">All customers, or a sample of them.</param>
/// <param name="Tallies">One for each morning asked for.</param>
sealed record Panel(ImmutableArray<CustomerHistory> Customers, ImmutableArray<Tally> Tallies)
{
    static readonly Text Reading = new("Reading purchases", "Чтение покупок"), Unit = new("customers", "покупателей");

    public static Panel Gather(
        PurchaseSource source, DemandOptions options, ImmutableArray<int> mornings, IProgress<StepProgress>? progress, ParallelOptions parallel)
    {
        var share = Math.Min(1, options.PanelLines / Math.Max(source.Lines, 1.0));
        var kept = new List<CustomerHistory>[source.Shards];
        var total = NewTallies();
        var adding = new Lock();
        var done = 0L;
        Parallel.For(0, source.Shards, parallel, () => (Shopper: new Shopper(), Tallies: NewTallies()), (shard, _, own) =>
        {
            kept[shard] = [];
            var read = 0;
            foreach (var customer in source.ReadShard(shard))
            {
                foreach (var tally in own.Tallies)
                {
                    own.Shopper.Read(customer, tally.Day, options.WindowDays);
                    tally.Add(own.Shopper);
                }

                if (new Draw(options.Seed, "panel", (ulong)customer.Customer.Value).NextUnit() < share)
                    kept[shard].Add(new CustomerHistory(customer.Customer, customer.Lines.ToArray()));
                if (++read % 1000 != 0) continue;
                parallel.CancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new StepProgress(Reading, Interlocked.Add(ref done, 1000), null, Unit));
            }

            return own;
        }, own =>
        {
            lock (adding)
                for (var i = 0; i < total.Length; i++) total[i].Add(own.Tallies[i]);
        });
        return new Panel([.. kept.SelectMany(customers => customers)], total);

        ImmutableArray<Tally> NewTallies() => [.. mornings.Select(day => new Tally(day, options.WindowDays))];
    }
}
