using System.Text.Json;
using Volna.Intake.Catalog;
using Volna.Intake.Letters;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Generation;
using Volna.Publishing;

namespace Volna.Tests.Publishing;

public sealed class PublishJobTests
{
    static readonly string Plan = File.ReadAllText(Path.Combine(SharedData.Repository, "samples", "plan.json"));

    [Fact]
    public void Each_treated_customer_ends_in_one_state_of_each_channel()
    {
        using var shop = Customers();
        var summary = Publish(shop);
        Assert.Equal((5, 7, 2, 1), (summary.Customers, summary.Offers, summary.HeldOut, summary.WithoutOffers));
        Assert.Equal(
            [new ChannelSummary("app", 4, 1, 0), new ChannelSummary("email", 2, 2, 1), new ChannelSummary("print", 4, 1, 0)],
            summary.Channels);
        Assert.All(summary.Channels, channel => Assert.Equal(summary.Customers, channel.Written + channel.NoConsent + channel.NoAddress));

        var recipients = Lines(summary, "recipients.jsonl").Select(line => JsonSerializer.Deserialize<Dictionary<string, string>>(line)!).ToArray();
        Assert.Equal(["anna", "boris", "clara", "denis", "emma"], recipients.Select(recipient => recipient["customer"]).Order());
        foreach (var channel in summary.Channels)
            Assert.Equal((channel.Written, channel.NoConsent, channel.NoAddress), (Count(channel, "written"), Count(channel, "no-consent"), Count(channel, "no-address")));

        Assert.Equal(4, Lines(summary, "app.jsonl").Length);
        Assert.Equal(4, Lines(summary, "print.jsonl").Length);
        Assert.Equal(2, Lines(summary, "email.mbox").Count(line => line.StartsWith("From ", StringComparison.Ordinal)));
        Assert.Equal(["anna.eml", "emma.eml"], Directory.GetFiles($"{summary.Outbox}/email").Select(Path.GetFileName).Order());
        Assert.Equal(WaveStatus.Published, new WaveStore(shop.State).Get("w").Status);

        int Count(ChannelSummary channel, string state) => recipients.Count(recipient => recipient[channel.Channel] == state);
    }

    [Fact]
    public void A_channel_that_is_closed_to_a_customer_is_not_used_and_counted()
    {
        using var shop = Customers(closed: Channels.Email);
        var summary = Publish(shop);
        Assert.Equal(
            [new ChannelSummary("app", 4, 1, 0), new ChannelSummary("email", 0, 2, 0) { ContactLimit = 3 }, new ChannelSummary("print", 4, 1, 0)],
            summary.Channels);
        Assert.Empty(Lines(summary, "email.mbox"));
        Assert.Contains(Lines(summary, "recipients.jsonl"), line => line.Contains("\"email\":\"contact-limit\"", StringComparison.Ordinal));
        // As it was stored, too.
        Assert.Equal(summary.Channels, Publish(shop).Channels);
    }

    [Fact]
    public void Letters_of_waves_that_an_earlier_version_published_may_be_reported_on()
    {
        using var shop = Customers();
        Publish(shop);
        // As that version left it.
        shop.Run("delete from letter_wave; delete from schema_script where name = 'Publishing/003'");
        using var opened = StateStore.Open(shop.Data);
        Assert.Equal(["w"], LetterStore.Waves(opened).Keys);
    }

    [Fact]
    public void Whose_letter_came_back_or_who_unsubscribed_from_it_gets_none_in_the_next_wave()
    {
        using var shop = Customers();
        Assert.Equal(["anna.eml", "emma.eml"], Letters(Publish(shop)));
        shop.Import(
            Shop.Now.DateTime.AddDays(1),
            ("mail-events.csv", "customer,wave,time,event\nanna,w,2026-11-27 13:00,bounced\nemma,w,2026-11-27 12:30,delivered\nemma,w,2026-11-27 19:00,unsubscribed\n"));
        Offer Milk(int customer) => Shop.Offer(customer, 0, 1, 20);
        shop.AddWave("x", [(1, "anna", [Milk(1)]), (5, "emma", [Milk(5)])], Plan, validity: new Period(Shop.Week.End, Shop.Week.End.AddDays(7)));
        var next = Publish(shop, wave: "x");
        Assert.Equal([new ChannelSummary("app", 2, 0, 0), new ChannelSummary("email", 0, 1, 1), new ChannelSummary("print", 2, 0, 0)], next.Channels);
        Assert.Empty(Letters(next));

        static IEnumerable<string?> Letters(PublishSummary summary) => Directory.GetFiles($"{summary.Outbox}/email").Select(Path.GetFileName).Order();
    }

    [Fact]
    public void A_held_out_customer_gets_nothing_in_any_channel()
    {
        using var shop = Customers();
        var summary = Publish(shop);
        foreach (var file in Directory.GetFiles(summary.Outbox, "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain("heldout", Path.GetFileName(file), StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("heldout", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase);
        }

        using var till = shop.OpenTill();
        Assert.Empty(till.Offers("heldout1", "S", Shop.Now).Offers);
        Assert.NotEmpty(till.Offers("anna", "S", Shop.Now).Offers);
    }

    [Fact]
    public void Publishing_again_writes_nothing_and_a_broken_off_publication_is_finished_alike()
    {
        using var shop = Customers();
        var first = Publish(shop);
        var before = Content(first.Outbox);
        var written = Directory.GetLastWriteTimeUtc(first.Outbox);
        Assert.Equivalent(first, Publish(shop, Shop.Now.AddDays(1)));
        Assert.Equal(written, Directory.GetLastWriteTimeUtc(first.Outbox));

        // As a crash leaves it: switched, half written aside, nothing in place.
        Directory.Move(first.Outbox, first.Outbox + ".unfinished");
        File.Delete($"{first.Outbox}.unfinished/app.jsonl");
        Assert.Equivalent(first, Publish(shop, Shop.Now.AddDays(1)));
        Assert.Equal(before, Content(first.Outbox));
        Assert.False(Directory.Exists(first.Outbox + ".unfinished"));
    }

    [Fact]
    public void A_wave_that_isnt_approved_stays_as_it_is()
    {
        using var shop = Customers(WaveStatus.AwaitingApproval);
        Assert.Equal("wave-not-approved", Assert.Throws<GuardException>(() => Publish(shop)).Code);
        Assert.Equal(WaveStatus.AwaitingApproval, new WaveStore(shop.State).Get("w").Status);
        Assert.False(Directory.Exists($"{shop.Data.Outbox}/w"));
        Assert.Equal("wave-unknown", Assert.Throws<BadInputException>(() => Publish(shop, wave: "nothing")).Code);
    }

    [Fact]
    public void A_pack_that_isnt_the_approved_one_isnt_published()
    {
        using var shop = Customers();
        shop.Run("update wave set digest = 'other'");
        Assert.Equal("pack-differs", Assert.Throws<BadInputException>(() => Publish(shop)).Code);
        Assert.Equal(WaveStatus.Approved, new WaveStore(shop.State).Get("w").Status);
    }

    [Fact]
    public void Stopped_by_hand_nothing_half_written_stays()
    {
        using var shop = Customers();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => PublishJob.Publish(shop.Data, shop.State, "w", new PublishOptions(), Shop.Now, null, stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(shop.Data.Outbox));
    }

    [Fact]
    public void A_wave_that_shares_days_with_a_published_one_is_not_published()
    {
        using var shop = Customers();
        Publish(shop);
        shop.AddWave("x", [], Plan);
        foreach (var publish in (Action[])[() => Publish(shop, wave: "x"), () => PublishJob.Check(shop.Data, shop.State, "x")])
        {
            var refusal = Assert.Throws<GuardException>(publish);
            Assert.Equal("waves-overlap", refusal.Code);
            Assert.Contains("the published wave w from 2026-11-26 to 2026-12-02", refusal.Sentence.English, StringComparison.Ordinal);
            Assert.Equal(WaveStatus.Approved, new WaveStore(shop.State).Get("x").Status);
        }

        // The day after the other's last is free.
        shop.Run("update wave set valid_from = '2026-12-03', valid_until = '2026-12-10' where id = 'x'");
        PublishJob.Check(shop.Data, shop.State, "x");
        shop.Run("update wave set valid_from = '2026-12-02' where id = 'x'");
        Assert.Equal("waves-overlap", Assert.Throws<GuardException>(() => PublishJob.Check(shop.Data, shop.State, "x")).Code);
        ReviewWaveJob.Stop(shop.State, "w", "Boris", "", dryRun: false, TimeProvider.System);
        PublishJob.Check(shop.Data, shop.State, "x");
    }

    [Fact]
    public void Of_waves_that_share_days_and_are_published_at_once_one_is()
    {
        using var shop = Customers();
        string[] waves = ["w", .. Enumerable.Range(1, 5).Select(number => shop.AddWave($"x{number}", [], Plan))];
        using var begin = new Barrier(waves.Length);
        var codes = new string[waves.Length];
        var threads = waves.Select((wave, i) => new Thread(() =>
        {
            begin.SignalAndWait();
            codes[i] = Record.Exception(() => Publish(shop, wave: wave)) switch { null => "", GuardException refusal => refusal.Code, var failure => $"{failure}" };
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        Assert.Equal(["", .. Enumerable.Repeat("waves-overlap", 5)], codes.Order());
        Assert.Single(new WaveStore(shop.State).List(), wave => wave.Status == WaveStatus.Published);
    }

    [Fact]
    public void A_wave_stopped_while_its_messages_are_written_sends_none()
    {
        using var shop = Customers();
        var stopper = new Stopper(shop);
        Assert.Equal("wave-stopped", Assert.Throws<GuardException>(() =>
            PublishJob.Publish(shop.Data, shop.State, "w", new PublishOptions(), Shop.Now, stopper, TestContext.Current.CancellationToken)).Code);
        Assert.Equal(WaveStatus.Stopped, new WaveStore(shop.State).Get("w").Status);
        Assert.Empty(Directory.GetFileSystemEntries(shop.Data.Outbox));
    }

    sealed class Stopper(Shop shop) : IProgress<StepProgress>
    {
        bool _stopped;

        public void Report(StepProgress value)
        {
            if (!_stopped) ReviewWaveJob.Stop(shop.State, "w", "Boris", "", dryRun: false, TimeProvider.System);
            _stopped = true;
        }
    }

    [Fact]
    public void Beyond_the_limit_the_complete_files_still_hold_everybody()
    {
        using var shop = Customers();
        var summary = PublishJob.Publish(shop.Data, shop.State, "w", new PublishOptions { OutboxLimit = 1 }, Shop.Now, null, TestContext.Current.CancellationToken);
        Assert.Single(Directory.GetFiles($"{summary.Outbox}/email"));
        Assert.Equal(2, Directory.GetFiles($"{summary.Outbox}/app").Length);
        Assert.Equal(4, Lines(summary, "app.jsonl").Length);
    }

    [Fact]
    public void A_card_speaks_the_customers_language_and_the_tills_code()
    {
        using var shop = Customers();
        var summary = Publish(shop);
        using var till = shop.OpenTill();
        var cards = Lines(summary, "app.jsonl").Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(card => card.GetProperty("customer").GetString()!);
        Assert.Equal(("en", "ru"), (cards["anna"].GetProperty("language").GetString(), cards["clara"].GetProperty("language").GetString()));
        Assert.Contains("You buy it every 9 days", File.ReadAllText($"{summary.Outbox}/app/anna.html"), StringComparison.Ordinal);
        Assert.Contains("Вы часто это покупаете", File.ReadAllText($"{summary.Outbox}/print/clara-48.txt"), StringComparison.Ordinal);
        foreach (var (customer, card) in cards)
            Assert.Equal(
                card.GetProperty("offers").EnumerateArray().Select(offer => offer.GetProperty("code").GetString()),
                till.Offers(customer, "S", Shop.Now).Offers.Select(offer => offer.Code));
        Assert.Equal("2026-12-02", cards["anna"].GetProperty("until").GetString());
    }

    [Theory]
    [InlineData("1001", "1001")]
    [InlineData("card_7-a", "card_7-a")]
    [InlineData("../../etc/passwd", null)]
    [InlineData("C0000361", "C0000361")]
    [InlineData("А1", null)]
    [InlineData("a b", null)]
    [InlineData("con.", null)]
    [InlineData("", null)]
    public void A_hostile_key_is_no_file_name(string key, string? name)
    {
        if (name is null) Assert.Matches("^key\\.[0-9a-f]{16}$", OutboxStore.FileName(key));
        else Assert.Equal(name, OutboxStore.FileName(key));
    }

    static PublishSummary Publish(Shop shop, DateTimeOffset? now = null, string wave = "w") =>
        PublishJob.Publish(shop.Data, shop.State, wave, new PublishOptions(), now ?? Shop.Now, null, TestContext.Current.CancellationToken);

    static string[] Lines(PublishSummary summary, string file) => File.ReadAllLines($"{summary.Outbox}/{file}");

    static string[] Content(string folder) =>
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order().Select(file => Path.GetRelativePath(folder, file) + "\n" + File.ReadAllText(file))];

    static Shop Customers(WaveStatus status = WaveStatus.Approved, Channels closed = Channels.None)
    {
        var shop = new Shop();
        shop.AddStore(1, "S");
        shop.AddProduct(1, "milk", "Milk 3.2 %");
        shop.AddProduct(2, "bread", "Хлеб «Бородинский» с кориандром, нарезка 400 г");
        shop.AddCustomer(1, "anna", "Anna", "Smith", "anna@example.org", Channels.All, Language.English);
        shop.AddCustomer(2, "boris", "Борис", "", "boris@example.org", Channels.None);
        shop.AddCustomer(3, "clara", "Клара", "Ёлкина", "", Channels.All, Language.Russian);
        shop.AddCustomer(4, "denis", "", "", "denis@example.org", Channels.App | Channels.Print);
        shop.AddCustomer(5, "emma", "Эмма", "Длиннофамильная-Рождественская", "emma@example.org", Channels.All);
        shop.AddCustomer(6, "nothing", consents: Channels.All);
        shop.AddCustomer(7, "heldout1", "Heldout", "Heldout", "heldout@example.org", Channels.All);
        shop.AddCustomer(8, "heldout2", "Heldout", "Heldout", "heldout@example.org", Channels.All);
        Offer Milk(int customer) => Shop.Offer(customer, 0, 1, 20, reason: CandidateReason.CycleDue, because: 9);
        Offer Bread(int customer, int index) => Shop.Offer(customer, index, 2, 15);
        shop.AddWave("w",
            [
                (1, "anna", [Milk(1), Bread(1, 1)]), (2, "boris", [Milk(2)]), (3, "clara", [Bread(3, 0)]), (4, "denis", [Milk(4)]), (5, "emma", [Milk(5), Bread(5, 1)]),
                (6, "nothing", []), (7, "heldout1", null), (8, "heldout2", null),
            ],
            Plan, status, closed: closed);
        return shop;
    }
}
