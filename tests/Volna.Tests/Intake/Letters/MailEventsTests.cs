using Volna.Intake.Catalog;
using Volna.Intake.Import;
using Volna.Intake.Letters;
using Volna.Tests.Intake.Import;

namespace Volna.Tests.Intake.Letters;

public sealed class MailEventsTests : IDisposable
{
    readonly ImportScene _scene = new();
    int _files;

    public MailEventsTests() => Import("customers.csv", "key,email,consents\nanna,anna@example.org,app;email\nboris,boris@example.org,email\n");

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Who_unsubscribes_or_complains_gets_no_letters_until_she_consents_on_a_later_day()
    {
        Events("anna,,2026-11-10 09:00,unsubscribed", "boris,,2026-11-12 10:00,opened", "boris,,2026-11-12 10:01,complained");
        Assert.Equal([Channels.App, Channels.None], Consents());

        // Files that know nothing of it, or of a day that is not later, however often they come.
        Import("customers-old.csv", "key,email,consents\nboris,boris@example.org,email\nanna,anna@example.org,app;email\n");
        Import("customers-same-day.csv", "key,consents,consents_date\nanna,app;email,2026-11-10\nboris,email,2026-01-01\n");
        Assert.Equal([Channels.App, Channels.None], Consents());

        Import("customers-anew.csv", "key,consents,consents_date\nanna,app;email,2026-11-11\n");
        Assert.Equal([Channels.App | Channels.Email, Channels.None], Consents());

        // What she said before doesn't come back with a report that comes late, and a consent whose day isn't told takes nothing back.
        Events("anna,,2026-11-09 09:00,unsubscribed");
        Assert.Equal(Channels.App | Channels.Email, Consents()[0]);
        Import("customers-undated.csv", "key,consents\nanna,app;email\n");
        Assert.Equal(Channels.App, Consents()[0]);
    }

    [Fact]
    public void A_bounce_closes_the_address_until_another_one_or_a_later_consent_comes()
    {
        var bounces = _scene.Write("mail-events-bounces.csv", "customer,wave,time,event\nanna,,2026-11-10 09:00,bounced\nboris,,2026-11-10 09:00,bounced\n");
        Assert.Equal(2, _scene.ImportOne(bounces).Stored);
        Assert.Equal([Channels.App, Channels.None], Consents());
        Assert.Equal([("", Channels.App | Channels.Email), ("", Channels.Email)], Contacts());

        Import("customers-same.csv", "key,email\nanna,Anna@Example.org\nboris,boris@example.org\n");
        Assert.Equal([Channels.App, Channels.None], Consents());

        Import("customers-other.csv", "key,email\nanna,anna.orlova@example.org\n");
        Import("customers-again.csv", "key,consents,consents_date\nboris,email,2026-11-11\n");
        Assert.Equal([Channels.App | Channels.Email, Channels.Email], Consents());
        Assert.Equal([("anna.orlova@example.org", Channels.App | Channels.Email), ("boris@example.org", Channels.Email)], Contacts());

        // The bounce was the old address's, also where its file is read once more because a newer one came in since.
        Events("anna,,2026-11-12 09:00,delivered");
        Assert.Equal(FileOutcome.Done, _scene.ImportOne(bounces).Outcome);
        Assert.Equal("anna.orlova@example.org", Contacts()[0].Email);
    }

    [Fact]
    public void A_bounce_of_an_address_that_she_has_left_behind_closes_nothing()
    {
        Import("mail-events.csv", "customer,time,event,email\nanna,2026-11-10 09:00,bounced,old@example.org\n");
        Assert.Equal(Channels.App | Channels.Email, Consents()[0]);
        Import("customers-back.csv", "key,email\nanna,OLD@example.org\n");
        Assert.Equal(Channels.App, Consents()[0]);
    }

    // A customer has one dead address: that of the present one counts more.
    [Theory]
    [InlineData("anna,2026-11-10 09:00,bounced,anna@example.org", "anna,2026-11-12 09:00,bounced,old@example.org")]
    [InlineData("anna,2026-11-10 09:00,bounced,ANNA@example.org", "anna,2026-11-12 09:00,bounced,old@example.org")]
    [InlineData("anna,2026-11-10 09:00,bounced,old@example.org", "anna,2026-11-10 10:00,bounced,Anna@Example.org")]
    [InlineData("anna,2026-11-12 09:00,bounced,old@example.org", "anna,2026-11-10 09:00,bounced,anna@example.org")]
    public void A_bounce_of_another_address_hides_none_of_the_present_one(string first, string second)
    {
        foreach (var row in (string[])[first, second]) Import($"mail-events-{++_files}.csv", $"customer,time,event,email\n{row}\n");
        Assert.Equal(Channels.App, Consents()[0]);
        Assert.Equal("", Contacts()[0].Email);
    }

    [Fact]
    public void A_later_bounce_closes_an_address_again_however_it_is_written()
    {
        Import("mail-events-1.csv", "customer,time,event,email\nanna,2026-11-10 09:00,bounced,anna@example.org\n");
        Import("customers-anew.csv", "key,consents,consents_date\nanna,app;email,2026-11-11\n");
        Import("mail-events-2.csv", "customer,time,event,email\nanna,2026-11-11 09:00,bounced,ANNA@example.org\n");
        Assert.Equal(Channels.App, Consents()[0]);
    }

    [Fact]
    public void Whatever_letter_she_unsubscribes_from_she_gets_none()
    {
        Events("anna,newsletter-7,2026-11-10 09:00,unsubscribed", "boris,newsletter-7,2026-11-10 09:00,complained");
        Assert.Equal([Channels.App, Channels.None], Consents());
        Import("customers-anew.csv", "key,consents,consents_date\nanna,app;email,2026-11-11\nboris,email,2026-11-11\n");
        Events("anna,newsletter-7,2026-11-12 09:00,bounced");
        Assert.Equal([Channels.App, Channels.Email], Consents());
        Assert.Empty(Letters());
    }

    // A customer in Vladivostok consents tomorrow by the server's clock.
    [Fact]
    public void A_consent_may_be_of_a_day_that_has_begun_in_the_east_alone()
    {
        Events("anna,,2026-11-26 09:00,unsubscribed");
        Import("customers-east.csv", "key,consents,consents_date\nanna,app;email,2026-11-27\n");
        Assert.Equal(Channels.App | Channels.Email, Consents()[0]);
    }

    [Fact]
    public void The_same_file_twice_changes_nothing_and_words_of_a_service_are_mapped()
    {
        new LetterStore(_scene.State).Expect("w");
        var path = _scene.Write("export.csv", "recipient_id;tag;date;what\nanna;w;20.11.2026 09:00:07;delivery\nanna;w;20.11.2026 19:00:00;open\nboris;w;20.11.2026 09:00:11;hard_bounce\nboris;w;20.11.2026 09:00:00;deferred\n");
        var mapping = Mapping("""
            [{ "file": "export.csv", "kind": "mail-events", "delimiter": ";", "dates": ["dd.MM.yyyy HH:mm:ss"],
               "columns": { "customer": "recipient_id", "wave": "tag", "time": "date", "event": "what" },
               "words": { "event": { "delivery": "delivered", "open": "opened", "hard_bounce": "bounced", "deferred": "sent" } } }]
            """);
        var first = _scene.ImportOne(path, mapping);
        Assert.Equal((FileOutcome.Done, 4, 0), (first.Outcome, first.Stored, first.Rejected.Count));
        var (consents, letters) = (Consents(), Letters());
        Assert.Equal(2, letters.Count);
        Assert.Equal(FileOutcome.KnownAlready, _scene.ImportOne(path, mapping).Outcome);

        // After another file of the kind it is read again, to the same end.
        Events("boris,,2026-11-20 10:00,delivered");
        Assert.Equal(FileOutcome.Done, _scene.ImportOne(path, mapping).Outcome);
        Assert.Equal(consents, Consents());
        Assert.Equal(letters, Letters());

        static Volna.Intake.Files.Mapping Mapping(string json) => Volna.Intake.Files.Mapping.Parse(json, "mapping.json");
    }

    void Import(string name, string content)
    {
        var result = _scene.ImportOne(_scene.Write(name, content));
        Assert.Equal((FileOutcome.Done, 0), (result.Outcome, result.Rejected.Count));
    }

    void Events(params string[] rows) => Import($"mail-events-{++_files}.csv", $"customer,wave,time,event\n{string.Join('\n', rows)}\n");

    List<Channels> Consents() => [.. new CatalogStore(_scene.State).LoadProfiles().Skip(1).Select(profile => profile.Consents)];

    List<(string Email, Channels Consents)> Contacts() =>
        [.. new CatalogStore(_scene.State).Contacts([new CustomerId(1), new CustomerId(2)]).Select(contact => (contact.Email, contact.Consents))];

    List<string> Letters()
    {
        using var connection = _scene.State.Connect();
        return [.. Dapper.SqlMapper.Query(connection, "select * from letter order by wave, customer").Select(row => string.Join(' ', (IDictionary<string, object>)row))];
    }
}
