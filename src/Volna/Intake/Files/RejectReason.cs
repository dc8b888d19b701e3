using System.Collections.Frozen;

namespace Volna.Intake.Files;

/// <summary>Why a row of a file wasn't stored, in the order of the checks. The numbers and codes are kept in databases and files: never reuse one.</summary>
public enum RejectReason
{
    LineTooLong = 1,
    Undecodable = 2,
    ControlCharacter = 3,
    QuoteMisplaced = 4,
    QuoteNotClosed = 5,
    FieldCount = 6,

    /// <summary>An anonymous purchase: kept out of the history, because nothing learns from it yet.</summary>
    NoCustomer = 10,

    /// <summary>The mapping says that such rows are no products: postage, bank charges.</summary>
    NoProduct = 11,

    MissingValue = 20,
    KeyTooLong = 21,
    BadNumber = 22,
    NumberOutOfRange = 23,
    BadDate = 24,
    DateOutOfRange = 25,
    FutureDate = 26,
    UnknownWord = 27,
    NegativeNumber = 28,
    ZeroQuantity = 29,
    AmountSign = 30,
    PeriodReversed = 31,
    BadEmail = 32,
    UnknownTimeZone = 33,

    UnknownCustomer = 40,
    UnknownProduct = 41,
    UnknownStore = 42,
    UnknownCampaign = 43,
    UnknownCoupon = 44,
    UnknownCategory = 45,
    NotInCampaign = 46,
    UnknownCity = 47,
    UnknownWave = 48,

    /// <summary>The receipt came with an earlier file.</summary>
    DuplicateReceipt = 51,
}

/// <summary>What programs and people read of a reason.</summary>
/// <param name="Code">Stable, such as <c>no-customer</c>.</param>
/// <param name="Sentence">For people.</param>
/// <param name="IsExpected">True where the row isn't wrong and doesn't count against the limit of errors.</param>
public sealed record RejectMeaning(string Code, Text Sentence, bool IsExpected = false);

/// <summary>The meanings of all reasons.</summary>
public static class RejectReasons
{
    static readonly FrozenDictionary<RejectReason, RejectMeaning> Meanings = new Dictionary<RejectReason, RejectMeaning>
    {
        [RejectReason.LineTooLong] = new("line-too-long", new("The line is longer than 1 MB.", "Строка длиннее 1 МБ.")),
        [RejectReason.Undecodable] = new("undecodable", new("The line has bytes that the file's encoding doesn't know.", "В строке есть байты, недопустимые в кодировке файла.")),
        [RejectReason.ControlCharacter] = new("control-character", new("The line has a NUL or another control character.", "В строке есть символ NUL или другой управляющий символ.")),
        [RejectReason.QuoteMisplaced] = new("quote-misplaced", new("A quotation mark stands inside a field; a field with quotation marks must be quoted as a whole and double them.", "Кавычка стоит внутри поля; поле с кавычками заключают в кавычки целиком, а внутренние удваивают.")),
        [RejectReason.QuoteNotClosed] = new("quote-not-closed", new("A quoted field isn't closed.", "Поле в кавычках не закрыто.")),
        [RejectReason.FieldCount] = new("field-count", new("The line has another number of fields than the header.", "Число полей в строке не такое, как в заголовке.")),
        [RejectReason.NoCustomer] = new("no-customer", new("An anonymous purchase; kept out of the history.", "Анонимная покупка; в историю не входит."), IsExpected: true),
        [RejectReason.NoProduct] = new("no-product", new("The mapping says that this row is no product.", "По файлу соответствий эта строка — не товар."), IsExpected: true),
        [RejectReason.MissingValue] = new("missing-value", new("A required value is empty.", "Обязательное значение не заполнено.")),
        [RejectReason.KeyTooLong] = new("key-too-long", new("The key is longer than 200 bytes.", "Ключ длиннее 200 байт.")),
        [RejectReason.BadNumber] = new("bad-number", new("This isn't a number as the file writes them; in an import a decimal comma needs a mapping with \"decimalSign\": \",\".", "Это не число в формате файла; при загрузке для десятичной запятой нужен файл соответствий с \"decimalSign\": \",\".")),
        [RejectReason.NumberOutOfRange] = new("number-out-of-range", new("The number is too big or too small.", "Число слишком велико или слишком мало.")),
        [RejectReason.BadDate] = new("bad-date", new("This isn't a date in a format of the file.", "Это не дата в формате файла.")),
        [RejectReason.DateOutOfRange] = new("date-out-of-range", new("The date lies too far in the past or in the future (purchases: 2000 to 2199, births: from 1900).", "Дата слишком далеко в прошлом или в будущем (покупки: 2000–2199 годы, рождения: с 1900 года).")),
        [RejectReason.FutureDate] = new("future-date", new("The date lies in the future.", "Дата в будущем.")),
        [RejectReason.UnknownWord] = new("unknown-word", new("This isn't one of the column's words.", "Такого значения у этой колонки нет.")),
        [RejectReason.NegativeNumber] = new("negative-number", new("The number may not be negative.", "Число не может быть отрицательным.")),
        [RejectReason.ZeroQuantity] = new("zero-quantity", new("The quantity is zero.", "Количество равно нулю.")),
        [RejectReason.AmountSign] = new("amount-sign", new("A sale with a negative amount.", "Продажа с отрицательной суммой.")),
        [RejectReason.PeriodReversed] = new("period-reversed", new("The period ends before it starts.", "Период заканчивается раньше, чем начинается.")),
        [RejectReason.BadEmail] = new("bad-email", new("This isn't an e-mail address: one @ with something on both sides, no spaces.", "Это не адрес электронной почты: нужна одна @, текст с обеих сторон и никаких пробелов.")),
        [RejectReason.UnknownTimeZone] = new("unknown-time-zone", new("This isn't an IANA time zone such as Europe/Moscow.", "Это не часовой пояс IANA, например Europe/Moscow.")),
        [RejectReason.UnknownCustomer] = new("unknown-customer", new("No such customer is known.", "Такой покупатель неизвестен.")),
        [RejectReason.UnknownProduct] = new("unknown-product", new("No such product is known.", "Такой товар неизвестен.")),
        [RejectReason.UnknownStore] = new("unknown-store", new("No such store is known.", "Такой магазин неизвестен.")),
        [RejectReason.UnknownCampaign] = new("unknown-campaign", new("No such campaign is known.", "Такая кампания неизвестна.")),
        [RejectReason.UnknownCoupon] = new("unknown-coupon", new("No such coupon is known.", "Такой купон неизвестен.")),
        [RejectReason.UnknownCategory] = new("unknown-category", new("No such category is known.", "Такая категория неизвестна.")),
        [RejectReason.UnknownCity] = new("unknown-city", new("No store is known in this city.", "В этом городе нет известных магазинов.")),
        [RejectReason.UnknownWave] = new("unknown-wave", new("No such wave was published.", "Такая волна не публиковалась.")),
        [RejectReason.NotInCampaign] = new("not-in-campaign", new("The customer wasn't in this campaign.", "Покупатель не участвовал в этой кампании.")),
        [RejectReason.DuplicateReceipt] = new("duplicate-receipt", new("The receipt came with an earlier file.", "Этот чек уже загружен с более ранним файлом."), IsExpected: true),
    }.ToFrozenDictionary();

    public static RejectMeaning Meaning(this RejectReason reason) => Meanings[reason];
}
