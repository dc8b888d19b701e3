using Volna.Intake.History;
using Volna.Kernels;
using Volna.Reports;

namespace Volna.Tests.Reports;

public sealed class PurchaseSumsTests
{
    static readonly Money?[] Costs = [null, new Money(300), null, new Money(1_000)];

    [Fact]
    public void Any_days_hold_what_a_plain_count_of_their_lines_says()
    {
        const ulong seed = 20_261_122;
        var sums = new PurchaseSums([Costs, []]);
        for (ulong round = 0; round < 300; round++)
        {
            var draw = new Draw(seed, "sums", round);
            var lines = new List<PurchaseLine>();
            var days = 1 + draw.NextBelow(40);

            // Now and then a card that a whole shop uses, with hundreds of lines a day.
            for (var left = draw.NextBelow(round % 10 == 0 ? 4_000 : 200); left > 0; left--)
            {
                var day = draw.NextBelow(days);
                lines.Add(new PurchaseLine(
                    (ulong)((day * 1_000) + draw.NextBelow(12)), (day * 1440) + draw.NextBelow(1440), 1, draw.NextBelow(5), draw.NextBelow(8) == 0 ? -1_500 : 1_000 * (1 + draw.NextBelow(3)),
                    draw.NextBelow(100_000) - 10_000, 0));
            }

            var history = new CustomerHistory(new CustomerId(1), lines);
            sums.Read(history.Lines);
            for (var window = 0; window < 10; window++)
            {
                var start = new DateOnly(2000, 1, 1).AddDays(draw.NextBelow(days));
                var period = new Period(start, start.AddDays(1 + draw.NextBelow(days)));
                for (var table = 0; table < 2; table++)
                    Assert.True(
                        CustomerOutcome.Of(history.Within(period), table == 0 ? Costs : []) == sums.Between(history.PlacesWithin(period), table), $"seed {seed}, round {round}, {period}");
            }
        }
    }
}
