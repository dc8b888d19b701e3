using System.Data.Common;
using Volna.Intake.Catalog;
using Volna.Intake.Files;

namespace Volna.Intake.Reference;

/// <summary>
/// Files of customers. A customer who is there already gets the values of the columns that the file has; none is removed. An empty cell clears
/// a value, except consents: silence doesn't take back what she said. A row with a wrong value is rejected as a whole and changes nothing.
/// </summary>
static class CustomersFeed
{
    static readonly Column Key = new(0, "key", ColumnType.Key,
        new("The customer's number (card, account), as in receipts", "Номер покупателя (карта, счёт), как в чеках"), "1234567")
    { Required = true };

    static readonly Column FirstName = new(1, "first_name", ColumnType.Text,
        new("First name, as letters address the customer", "Имя, как обращаются в письме"), "Anna");

    static readonly Column LastName = new(2, "last_name", ColumnType.Text,
        new("Last name", "Фамилия"), "Orlova");

    static readonly Column Email = new(3, "email", ColumnType.Text,
        new("E-mail address; must have one @", "Адрес электронной почты; в нём должна быть одна @"), "anna@example.org");

    static readonly Column Phone = new(4, "phone", ColumnType.Text,
        new("Telephone number, as written", "Номер телефона, как записан"), "+7 900 000-00-01");

    static readonly Column Sex = new(5, "gender", ColumnType.Word,
        new("Gender, where known", "Пол, если известен"), "female")
    { Words = ["unknown", "female", "male"] };

    static readonly Column BirthDate = new(6, "birth_date", ColumnType.Date,
        new("Date of birth; neither before 1900 nor in the future", "Дата рождения; не раньше 1900 года и не в будущем"), "1988-03-09");

    static readonly Column HomeStore = new(7, "home_store", ColumnType.Key,
        new("The customer's home store; one that isn't known yet is added", "Домашний магазин покупателя; неизвестный добавляется"), "S017");

    static readonly Column Consents = new(8, "consents", ColumnType.Text,
        new("Where the customer agreed to get offers: app, email, print, separated by ;, or none. Empty: as known before; a new customer gets offers in the app and on the receipt, never by mail",
            "Где покупатель согласен получать предложения: app, email, print через ; или none. Пусто — как было известно раньше; новому покупателю предложения идут в приложение и на чек, но не почтой"),
        "app;email;print");

    static readonly Column Speaks = new(9, "language", ColumnType.Word,
        new("Language of messages; empty: the plan's", "Язык сообщений; пусто — язык плана"), "ru")
    { Words = ["en", "ru"] };

    static readonly Column ConsentsDate = new(10, "consents_date", ColumnType.Date,
        new("Day on which the customer gave the consents of this row; only a day after an unsubscription, a complaint or a bounce that mail-events told takes it back. Not without consents. Empty: not known",
            "День, когда покупатель дал согласия этой строки; отписку, жалобу или возврат письма из mail-events отменяет только более поздний день. Без согласий не указывается. Пусто — неизвестен"),
        "2026-10-01");

    public static readonly FileKind Kind = new(
        new FileFormat("customers", new("Customers with their consents", "Покупатели и их согласия"),
            Key, FirstName, LastName, Email, Phone, Sex, BirthDate, HomeStore, Consents, Speaks, ConsentsDate)
        {
            Storing = new("A customer who is there already gets the values of the columns that the file has; an empty cell clears a value, except consents. No customer is removed. Who unsubscribed by letter gets no letters again unless `consents_date` tells a later day; nor does a dead address (mail-events).",
                "У известного покупателя обновляются значения тех колонок, что есть в файле; пустая ячейка стирает значение, кроме согласий. Покупатели не удаляются. Отписавшийся в письме писем больше не получает, пока `consents_date` не назовёт более поздний день; так же и адрес, с которого письмо вернулось (mail-events)."),
        },
        (layout, context) =>
        {
            var update = ReferenceUpdate.Of("customer", layout,
                (FirstName, "first_name = @FirstName"), (LastName, "last_name = @LastName"), (Email, "email = @Email"), (Phone, "phone = @Phone"),
                (Sex, "gender = @Gender"), (BirthDate, "birth_date = @BirthDate"), (HomeStore, "home_store = @HomeStore"),
                (Consents, "consents = coalesce(@Consents, consents), consents_day = case when @Consents is null then consents_day else @ConsentsDay end"),
                (Speaks, "language = @Language"));
            return new RowTaker<CustomerRow>(row => Read(row, context), (rows, transaction) => Save(update, rows, transaction));
        });

    sealed record CustomerRow(
        int Number, string FirstName, string LastName, string Email, string Phone, int Gender, string? BirthDate, int HomeStore, int? Consents, int? Language, string? ConsentsDay);

    static CustomerRow? Read(Row row, FileContext context)
    {
        var (firstName, lastName, email, phone) = (row.Text(FirstName), row.Text(LastName), row.Text(Email), row.Text(Phone));
        if (email.Length > 0 && !IsAddress(email)) row.Reject(RejectReason.BadEmail, Email);

        var gender = row.Word(Sex) ?? 0;
        var birthDate = row.Date(BirthDate);
        if (birthDate > DateOnly.FromDateTime(context.Now)) row.Reject(RejectReason.FutureDate, BirthDate);
        if (birthDate?.Year < 1900) row.Reject(RejectReason.DateOutOfRange, BirthDate);

        var consentsText = row.Text(Consents);
        if (!TryReadConsents(consentsText, out var consents)) row.Reject(RejectReason.UnknownWord, Consents);

        var consentsDay = row.Date(ConsentsDate);
        // In the east of the country it is tomorrow already.
        if (consentsDay > DateOnly.FromDateTime(context.Now.AddDays(1))) row.Reject(RejectReason.FutureDate, ConsentsDate);
        if (consentsDay is not null && consents is null) row.Reject(RejectReason.MissingValue, Consents);

        var language = row.Word(Speaks);
        var homeStore = row.Text(HomeStore);
        var key = row.Key(Key);
        if (row.IsRejected) return null;
        return new CustomerRow(
            context.Keys.Customers.NumberOf(key), firstName, lastName, email, phone, gender, birthDate?.Iso(),
            homeStore.Length == 0 ? 0 : context.Keys.Stores.NumberOf(System.Text.Encoding.UTF8.GetBytes(homeStore)), (int?)consents, language, consentsDay?.Iso());
    }

    /// <summary>One @ with something before and after it, and no spaces: what a mail server may refuse, it refuses better than a rule here.</summary>
    internal static bool IsAddress(string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at < email.Length - 1 && at == email.LastIndexOf('@') && !email.Any(char.IsWhiteSpace);
    }

    /// <summary>Reads <c>app;email;print</c> or <c>none</c>; null where nothing is said.</summary>
    internal static bool TryReadConsents(string text, out Channels? consents)
    {
        consents = null;
        if (text.Length == 0) return true;
        var sum = Channels.None;
        var words = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in words)
        {
            Channels? channel = word.ToLowerInvariant() switch
            {
                "app" => Channels.App,
                "email" => Channels.Email,
                "print" => Channels.Print,
                "none" when words.Length == 1 => Channels.None,
                _ => null,
            };
            if (channel is null) return false;
            sum |= channel.Value;
        }

        consents = sum;
        return words.Length > 0;
    }

    static void Save(string? update, IReadOnlyList<CustomerRow> rows, DbTransaction transaction)
    {
        if (update is not null) transaction.ExecuteEach(update, rows);
    }
}
