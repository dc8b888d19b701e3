using System.Globalization;
using Volna.Intake.Catalog;
using Volna.Kernels;
using Volna.Offers.Pack;

namespace Volna.Simulation.Loop;

/// <summary>What the mailing service reports of a wave's letters, as the file that the retailer gets of it: who is behind an opening it doesn't tell.</summary>
/// <param name="Opened">Letters that a person opened, which nobody but the world knows.</param>
sealed record MailReports(CsvBuffer Csv, long Opened)
{
    // The mailing service puts a link to the shop into each letter.
    const int Links = 1;

    /// <param name="population">On the morning before the letters.</param>
    /// <param name="profiles">By number, as the retailer knows them: who may be written to.</param>
    public static MailReports Of(World world, Population population, OfferPackStore pack, CustomerProfile[] profiles, string wave, DateOnly day)
    {
        var csv = new CsvBuffer().Row("customer", "wave", "time", "event");
        var sent = day.ToDateTime(new TimeOnly(6, 0));
        var opened = 0L;
        foreach (var shopper in population.Shoppers)
        {
            if (pack.Find(Hash64.Of(shopper.Key)) is not (>= 0 and var place)) continue;
            var customer = pack.At(place);
            if (customer.HeldOut || customer.Offers == 0 || (profiles[customer.Customer.Value].Consents & Channels.Email) == 0) continue;
            var outcomes = MailOutcomes.Of(world, shopper, population.States[shopper.Number], world.Day(day), Links, customer.Closed);
            foreach (var outcome in outcomes)
                csv.Row(shopper.Key, wave, sent.AddMinutes(outcome.Minute).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), outcome.Event.ToString().ToLowerInvariant());
            if (outcomes.Any(outcome => outcome is { Event: MailEvent.Opened, IsMachine: false })) opened++;
        }

        return new MailReports(csv, opened);
    }
}
