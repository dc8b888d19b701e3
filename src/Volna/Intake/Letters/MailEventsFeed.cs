using System.Text;
using Volna.Intake.Files;
using Volna.Intake.History;
using Volna.Intake.Reference;

namespace Volna.Intake.Letters;

/// <summary>
/// Files of what became of letters, as mailing services export it. Each row only adds to what is known of its letter, so a file read twice changes
/// nothing. Whoever unsubscribes or complains takes back her consent to letters; a letter that comes back closes its address.
/// </summary>
static class MailEventsFeed
{
    static readonly Column Customer = new(0, "customer", ColumnType.Key,
        new("The customer; must be known", "Покупатель; должен быть известен"), "1234567")
    { Required = true };

    static readonly Column Wave = new(1, "wave", ColumnType.Key,
        new("The wave whose letter it was; must be published. Empty: a letter of another mailing, of which only bounces, unsubscriptions and complaints matter; these count whatever is named here",
            "Волна, чьё это письмо; должна быть опубликована. Пусто — письмо другой рассылки: учитываются только возвраты, отписки и жалобы; они учитываются, что бы здесь ни стояло"), "2026-11-26");

    static readonly Column Time = new(2, "time", ColumnType.Time,
        new("When it happened, all rows by one clock", "Когда это было, во всех строках по одним часам"), "2026-11-26 08:15:00")
    { Required = true };

    static readonly Column Event = new(3, "event", ColumnType.Word,
        new("What happened. bounced: came back for good; a letter put off or a full mailbox is sent, as is anything else that decides nothing",
            "Что произошло. bounced — письмо вернулось окончательно; отложенное письмо, полный ящик и всё, что ничего не решает, — sent"), "opened")
    { Required = true, Words = ["sent", "delivered", "bounced", "opened", "clicked", "unsubscribed", "complained"] };

    static readonly Column Email = new(4, "email", ColumnType.Text,
        new("The address it went to, which a bounce closes; empty: the one she has now", "Адрес, на который ушло письмо: возврат закрывает его. Пусто — нынешний адрес покупателя"), "anna@example.org");

    public static readonly FileKind Kind = new(
        new FileFormat("mail-events", new("What became of letters, from the mailing service", "Что стало с письмами, по данным сервиса рассылок"), Customer, Wave, Time, Event, Email)
        {
            Storing = new(
                "Rows add to what is known of a letter; a repeated one changes nothing. unsubscribed and complained take back the consent to letters until a customers file tells a consent of a later day (`consents_date`); "
                + "bounced closes the address until a customers file gives another one or a consent of a later day.",
                "Строки добавляются к тому, что известно о письме; повтор ничего не меняет. unsubscribed и complained отзывают согласие на письма, пока файл покупателей не сообщит согласие более позднего дня (`consents_date`); "
                + "bounced закрывает адрес, пока файл покупателей не даст другой или согласие более позднего дня."),
        },
        (_, context) =>
        {
            var waves = LetterStore.Waves(context.State);
            return new RowTaker<EventRow>(row => Read(row, context, waves), LetterStore.Save);
        });

    static EventRow? Read(Row row, FileContext context, IReadOnlyDictionary<string, int> waves)
    {
        var customer = KnownKey.Customer(row, Customer, context);
        var wave = 0;
        var isUnknown = row.Key(Wave) is { IsEmpty: false } key && !waves.TryGetValue(Encoding.UTF8.GetString(key), out wave);
        var minute = row.Minute(Time);
        if (minute > Clock.Minute(context.Now.AddDays(1))) row.Reject(RejectReason.FutureDate, Time);
        var what = (LetterEvent?)row.Word(Event);
        // No bounce, unsubscription or complaint may be lost, whatever letter it came of.
        if (isUnknown && what is not (LetterEvent.Bounced or LetterEvent.Unsubscribed or LetterEvent.Complained)) row.Reject(RejectReason.UnknownWave, Wave);
        var email = row.Text(Email);
        if (email.Length > 0 && !CustomersFeed.IsAddress(email)) row.Reject(RejectReason.BadEmail, Email);
        return row.IsRejected ? null : new EventRow(wave, customer, email, minute!.Value, what!.Value);
    }
}
