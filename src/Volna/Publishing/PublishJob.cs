using System.IO;
using Volna.Intake.Catalog;
using Volna.Intake.Letters;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Publishing.Mail;

namespace Volna.Publishing;

/// <summary>Publishes an approved wave: its pack goes live at the tills in one step, then each treated customer's messages are written to the outbox.</summary>
public static class PublishJob
{
    // Bounds what is held in memory: a customer's messages take some 20 KB.
    const int AtOnce = 1_000;

    static readonly Text Step = new("Writing messages", "Запись сообщений");
    static readonly Text Unit = new("customers", "покупатели");

    /// <summary>
    /// Safe to repeat: what is published and written already isn't done again; a broken-off publication is finished. The switch is the wave's status,
    /// one row: tills see all of its offers or none.
    /// </summary>
    /// <exception cref="BadInputException">There is no such wave, or its pack isn't the one that was approved.</exception>
    /// <exception cref="GuardException">The wave isn't approved, its validity intersects another's, it is being published by another process, or it was stopped meanwhile.</exception>
    public static PublishSummary Publish(
        DataFolder folder, StateStore state, string wave, PublishOptions options, DateTimeOffset now, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var waves = new WaveStore(state);
        var found = Publishable(waves, wave);
        using var alone = Lock(folder, wave);
        using var pack = OfferPackStore.Open(folder, found);
        pack.VerifyDigest();
        var plan = PlanFile.Parse(wave, found.Plan);
        var publications = new PublicationStore(state);
        var publishedAt = publications.Start(wave, now);
        new LetterStore(state).Expect(wave);
        FaultPoint.Pass(FaultPoint.PublicationStarted);
        // Looked at once more: another one may have been published since.
        if (found.Status == WaveStatus.Approved) waves.MovePublished(wave, options.By, now, all => CheckDays(found, all));
        FaultPoint.Pass(FaultPoint.WavePublished);

        var heldOut = 0;
        var treated = new List<int>(pack.Customers);
        for (var place = 0; place < pack.Customers; place++)
        {
            var customer = pack.At(place);
            if (customer.HeldOut) heldOut++;
            else if (customer.Offers > 0) treated.Add(place);
        }

        var channels = OutboxStore.IsComplete(folder, wave) ? publications.Channels(wave) : null;
        if (channels is null)
        {
            channels = WriteOutbox(folder, state, found, pack, treated, plan, options, publishedAt, progress, stop);
            FaultPoint.Pass(FaultPoint.OutboxWritten);
            publications.Complete(wave, channels, now);
        }

        return new PublishSummary(wave, treated.Count, pack.Offers, heldOut, pack.Customers - treated.Count - heldOut, channels, OutboxStore.Folder(folder, wave));
    }

    /// <summary>Whether a wave can be published now; changes nothing.</summary>
    /// <inheritdoc cref="Publish" path="/exception"/>
    public static void Check(DataFolder folder, StateStore state, string wave)
    {
        using var pack = OfferPackStore.Open(folder, Publishable(new WaveStore(state), wave));
        pack.VerifyDigest();
    }

    static Wave Publishable(WaveStore waves, string wave)
    {
        var found = waves.Get(wave);
        if (found.Status is not (WaveStatus.Approved or WaveStatus.Published))
            throw new GuardException("wave-not-approved", new Text(
                $"wave {wave}: is {found.Status.Name().English}; only an approved wave is published.",
                $"волна {wave}: состояние «{found.Status.Name().Russian}»; публикуется только согласованная волна."));
        if (found.Status == WaveStatus.Approved) CheckDays(found, waves.List());
        return found;
    }

    static void CheckDays(Wave found, IReadOnlyList<Wave> all)
    {
        // Each wave draws its own hold-out: in shared days, customers held out of one would get the offers of the other.
        var other = all.FirstOrDefault(one =>
            one.Status is WaveStatus.Published or WaveStatus.Closed or WaveStatus.Reported
            && one.Validity.Start < found.Validity.End && found.Validity.Start < one.Validity.End);
        if (other is null) return;
        throw new GuardException("waves-overlap", new Text(
            $"wave {found.Id}: is valid from {found.Validity.Start:yyyy-MM-dd} to {found.Validity.End.AddDays(-1):yyyy-MM-dd}, but the published wave {other.Id} from {other.Validity.Start:yyyy-MM-dd} to {other.Validity.End.AddDays(-1):yyyy-MM-dd}; in shared days neither effect could be measured, so stop that wave or make one that starts after it.",
            $"волна {found.Id}: действует с {found.Validity.Start:yyyy-MM-dd} по {found.Validity.End.AddDays(-1):yyyy-MM-dd}, а опубликованная волна {other.Id} — с {other.Validity.Start:yyyy-MM-dd} по {other.Validity.End.AddDays(-1):yyyy-MM-dd}; в общие дни эффект ни одной из них не измерить, поэтому остановите ту волну или создайте новую, которая начнётся после неё."));
    }

    static IReadOnlyList<ChannelSummary> WriteOutbox(
        DataFolder folder, StateStore state, Wave wave, OfferPackStore pack, List<int> treated, Plan plan, PublishOptions options, DateTimeOffset date,
        IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var store = new CatalogStore(state);
        var catalog = store.Load(wave.Validity.Start);
        var secret = SecretStore.Open(folder);
        var templates = TemplateStore.Load();
        var composer = new Composer(templates, plan.Channels, options.Sender, date, secret);
        string[] names = [.. composer.Channels.Select(channel => channel.ToString().ToLowerInvariant())];
        var counts = new int[names.Length, Enum.GetValues<ChannelState>().Length];

        using var outbox = new OutboxStore(folder, wave.Id, names, options.OutboxLimit, date, templates);
        for (var done = 0; done < treated.Count; done += AtOnce)
        {
            stop.ThrowIfCancellationRequested();
            progress?.Report(new StepProgress(Step, done, treated.Count, Unit));
            var places = treated.GetRange(done, Math.Min(AtOnce, treated.Count - done));
            var contacts = store.Contacts([.. places.Select(place => pack.At(place).Customer)]);
            var messages = new Messages[places.Count];
            Parallel.For(0, places.Count, new ParallelOptions { CancellationToken = stop }, i =>
            {
                var contact = contacts[i];
                var card = Card.Of(contact, contact.Language ?? plan.Language, wave.Id, wave.Validity, pack.OffersAt(places[i]), catalog, secret);
                messages[i] = composer.Write(contact, card, pack.At(places[i]).Closed);
            });

            foreach (var message in messages)
            {
                outbox.Add(message);
                for (var channel = 0; channel < names.Length; channel++) counts[channel, (int)message.States[channel]]++;
            }
        }

        progress?.Report(new StepProgress(Step, treated.Count, treated.Count, Unit));
        IReadOnlyList<ChannelSummary> summary = [.. names.Select((name, i) => new ChannelSummary(
            name, counts[i, (int)ChannelState.Written], counts[i, (int)ChannelState.NoConsent], counts[i, (int)ChannelState.NoAddress])
        {
            ContactLimit = counts[i, (int)ChannelState.ContactLimit],
        })];

        // What stands in the outbox is sent; a wave taken back meanwhile mustn't be.
        if (new WaveStore(state).Get(wave.Id).Status != WaveStatus.Published)
            throw new GuardException("wave-stopped", new Text(
                $"wave {wave.Id}: was stopped while its messages were written; none was put into the outbox.",
                $"волна {wave.Id}: остановлена во время записи сообщений; в папку исходящих ничего не попало."));
        outbox.Commit(OutboxReadme.Write(wave, treated.Count, summary, options.OutboxLimit));
        return summary;
    }

    static FileStream Lock(DataFolder folder, string wave)
    {
        Directory.CreateDirectory(folder.Outbox);
        try
        {
            return new FileStream($"{folder.Outbox}/.{wave}.lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new GuardException("publish-running", new Text(
                $"wave {wave}: another process is publishing it; wait until that one is done.",
                $"волна {wave}: её уже публикует другой процесс; дождитесь его завершения."));
        }
    }
}

/// <summary>How messages are written.</summary>
public sealed record PublishOptions
{
    /// <summary>At most so many customers a channel get files of their own; the complete files hold everybody.</summary>
    public int OutboxLimit { get; init; } = 1_000;

    /// <summary>Whose name and address letters bear. The default address can't receive answers (RFC 2606).</summary>
    public Mailbox Sender { get; init; } = new("Volna", "offers@volna.invalid");

    /// <summary>Who publishes, for the record.</summary>
    public string By { get; init; } = "volna";
}

/// <summary>What became of each customer in each channel.</summary>
/// <param name="Customers">Treated customers with at least one offer; in each channel the states add up to them.</param>
/// <param name="HeldOut">Customers who get nothing, so that the effect can be measured.</param>
/// <param name="WithoutOffers">Treated customers for whom nothing fitted.</param>
public sealed record PublishSummary(string Wave, int Customers, int Offers, int HeldOut, int WithoutOffers, IReadOnlyList<ChannelSummary> Channels, string Outbox);

/// <param name="Channel">Such as <c>email</c>.</param>
public sealed record ChannelSummary(string Channel, int Written, int NoConsent, int NoAddress)
{
    /// <summary>Written to through it as often as the plan allows.</summary>
    public int ContactLimit { get; init; }

    public int Count(ChannelState state) => state switch
    {
        ChannelState.Written => Written,
        ChannelState.NoConsent => NoConsent,
        ChannelState.NoAddress => NoAddress,
        ChannelState.ContactLimit => ContactLimit,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };
}
