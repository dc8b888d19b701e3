using System.Collections.Immutable;
using Volna.Kernels;
using Volna.Reports;
using Volna.Reports.Messages;

namespace Volna.Tests.Reports;

public sealed class MessageEffectTests(ITestOutputHelper output)
{
    const int Worlds = 1_000, Customers = 1_500, Waves = 6;
    const double Effect = 0.10, HeldOutShare = 0.4;

    [Fact]
    public void The_true_effect_at_each_number_of_messages_and_how_it_wears_off_lie_within_their_intervals_in_about_nineteen_of_twenty_worlds()
    {
        var covered = new int[5];
        var (found, trends) = (0, 0);
        for (var world = 0; world < Worlds; world++)
        {
            var effects = World(world, change: -0.02);
            for (var messages = 0; messages < covered.Length; messages++)
            {
                var effect = effects.Single(one => one.Messages == messages).Relative!;
                if (effect.Lower <= Effect - (0.02 * messages) && Effect - (0.02 * messages) <= effect.Upper) covered[messages]++;
            }

            var trend = MessageEffect.Trend(effects)!;
            if (trend.Lower <= -0.02 && -0.02 <= trend.Upper) trends++;
            if (trend.Upper < 0) found++;
        }

        output.WriteLine($"effects covered {string.Join(", ", covered)}, trend {trends}, found {found} of {Worlds}");
        Assert.All(covered, one => Assert.InRange(one, 0.93 * Worlds, 0.97 * Worlds));
        Assert.InRange(trends, 0.93 * Worlds, 0.97 * Worlds);
        Assert.True(found > 0.2 * Worlds, $"{found}");
    }

    [Fact]
    public void Where_messages_do_not_tire_a_trend_looks_sure_in_about_one_of_twenty_worlds_though_those_written_to_often_buy_more()
    {
        var alarms = Enumerable.Range(Worlds, Worlds).Count(world => MessageEffect.Trend(World(world, change: 0)) is { IsSure: true });
        Assert.InRange(alarms, 0.03 * Worlds, 0.07 * Worlds);
    }

    [Fact]
    public void With_few_customers_it_is_said_that_nothing_can_be_said()
    {
        static VectorMoments Arm(int customers)
        {
            var sums = default(PairSums);
            for (var i = 0; i < customers; i++) sums.Add(1_000 + i, 1_000);
            return sums.ToMoments(customers);
        }

        var effects = MessageEffect.Each([new(0, Arm(100), Arm(40), 100, 40), new(1, Arm(100), Arm(29), 100, 29), new(2, Arm(100), Arm(40), 100, 4), new(3, Arm(100), Arm(0), 100, 0)]);
        Assert.Equal([NoVerdict.None, NoVerdict.TooFewCustomers, NoVerdict.TooFewBuyers, NoVerdict.NoHeldOut], effects.Select(effect => effect.Verdict));
        Assert.Equal([true, false, false, false], effects.Select(effect => effect.Difference is not null));
        Assert.Null(MessageEffect.Trend(effects));
    }

    /// <summary>Heavy customers are in every wave, light ones in every second, so who got many messages buys more; offers bring a share of what she'd buy, less with each message.</summary>
    static ImmutableArray<MessageEffect> World(int seed, double change)
    {
        var parts = Enumerable.Range(0, Waves).Select(_ => new WavePart[Customers]).ToList();
        for (var wave = 0; wave < Waves; wave++)
            for (var customer = 0; customer < Customers; customer++)
            {
                var draw = new Draw((ulong)seed, $"wave {wave}", (ulong)customer);
                if (wave % 2 == 1 && customer % 2 == 1) continue;
                parts[wave][customer] = WavePart.Assigned | (draw.NextUnit() < HeldOutShare ? WavePart.HeldOut : WavePart.Sent);
            }

        var waves = parts.Select((own, wave) => new ContactedWave(default, default, HeldOutShare, own, parts[..wave])).ToList();
        var sums = new MessageSums(waves);
        for (var customer = 0; customer < Customers; customer++)
        {
            var draw = new Draw((ulong)seed, "buys", (ulong)customer);
            var level = (customer % 2 == 0 ? 30_000 : 10_000) * Math.Exp((0.4 * draw.NextNormal()) - 0.08);
            for (var wave = 0; wave < Waves; wave++)
            {
                double within = level * Math.Exp((0.5 * draw.NextNormal()) - 0.125), before = level * Math.Exp((0.3 * draw.NextNormal()) - 0.045);
                var messages = waves[wave].CellOf(customer) / 2;
                var answers = (parts[wave][customer] & WavePart.Sent) != 0;
                sums.Add(wave, customer, (long)(within * (answers ? 1 + Effect + (change * messages) : 1)), (long)before);
            }
        }

        return MessageEffect.Each(MessageSums.Whole(waves, [sums]));
    }
}
