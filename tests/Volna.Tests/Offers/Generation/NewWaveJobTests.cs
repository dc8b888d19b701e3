using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Offers.Generation;
using Volna.Offers.Plans;

namespace Volna.Tests.Offers.Generation;

public sealed class NewWaveJobTests
{
    /// <summary>A wave each day of the twenty before; two plans' limits of contacts.</summary>
    [Theory]
    [InlineData(0, 0, 12)]
    [InlineData(7, 0, 12)]
    [InlineData(15, 0, 14)]
    [InlineData(7, 18, 17)]
    [InlineData(92, 0, 20)]
    public void A_new_wave_looks_back_on_the_last_twelve_and_on_all_that_a_limit_of_contacts_counts(int contactDays, int letterDays, int expected)
    {
        var plan = MadeShop.SamplePlan with
        {
            Contacts = contactDays == 0 ? null : new ContactLimit(contactDays, 3),
            ChannelContacts = letterDays == 0 ? [] : ImmutableDictionary<Channels, ContactLimit>.Empty.Add(Channels.Email, new ContactLimit(letterDays, 3)),
        };
        var waves = Enumerable.Range(1, 20).Select(ago => MadeShop.MadeWave($"w{ago:00}") with
        {
            Status = WaveStatus.Published,
            Validity = new Period(MadeShop.Day.AddDays(-ago), MadeShop.Day.AddDays(1 - ago)),
        }).Append(MadeShop.MadeWave("draft"));
        Assert.Equal(Enumerable.Range(1, expected).Select(ago => $"w{ago:00}"), NewWaveJob.Earlier([.. waves], plan, MadeShop.Day).Select(wave => wave.Id));
    }
}
