namespace Volna.Redemptions.Life;

/// <summary>Why a call on a receipt is refused as a whole, in the order of the checks; codes are never reused. Nothing was changed then.</summary>
public enum ReceiptRefusal
{
    None = 0,
    KeyDiffers = 1,
    ReceiptUnknown = 2,
    ReceiptDiffers = 3,
    ReturnDiffers = 4,
    ReceiptCancelled = 5,
    ReceiptReturned = 6,
    ReceiptClosed = 7,
    ReceiptNotClosed = 8,
    LineUnknown = 9,
    ReturnTooMuch = 10,
}

/// <summary>What is said of a refused call.</summary>
public static class ReceiptRefusals
{
    /// <summary>Stable, for programs, such as <c>receipt-differs</c>.</summary>
    public static string Code(this ReceiptRefusal refusal) => refusal switch
    {
        ReceiptRefusal.None => "none",
        ReceiptRefusal.KeyDiffers => "key-differs",
        ReceiptRefusal.ReceiptUnknown => "receipt-unknown",
        ReceiptRefusal.ReceiptDiffers => "receipt-differs",
        ReceiptRefusal.ReturnDiffers => "return-differs",
        ReceiptRefusal.ReceiptCancelled => "receipt-cancelled",
        ReceiptRefusal.ReceiptReturned => "receipt-returned",
        ReceiptRefusal.ReceiptClosed => "receipt-closed",
        ReceiptRefusal.ReceiptNotClosed => "receipt-not-closed",
        ReceiptRefusal.LineUnknown => "line-unknown",
        ReceiptRefusal.ReturnTooMuch => "return-too-much",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "No code for this refusal."),
    };

    /// <summary>Status of the answer over HTTP: 404 for what isn't there, 409 for what can't be done in this state, 422 for a contradiction.</summary>
    public static int HttpStatus(string code) => code switch
    {
        "receipt-unknown" or "store-unknown" or "pack-none" or "lease-unknown" => 404,
        "key-of-other-store" => 403,
        "receipt-cancelled" or "receipt-returned" or "receipt-closed" or "receipt-not-closed" or "till-taken" or "lease-incomplete" => 409,
        _ => 422,
    };

    /// <param name="id">Of the receipt.</param>
    /// <param name="detail">The line, return or key that is spoken of.</param>
    internal static GuardException Of(ReceiptRefusal refusal, string id, string detail = "") => new(refusal.Code(), refusal switch
    {
        ReceiptRefusal.KeyDiffers => new(
            $"receipt {id}: the Idempotency-Key {detail} was used before for another call; give each call a key of its own.",
            $"чек {id}: ключ Idempotency-Key {detail} уже использован для другого запроса; у каждого запроса должен быть свой ключ."),
        ReceiptRefusal.ReceiptUnknown => new($"receipt {id}: isn't known here.", $"чек {id}: такого чека нет."),
        ReceiptRefusal.ReceiptDiffers => new(
            $"receipt {id}: was {detail} before with other content; reopen a priced receipt before changing it, and give each receipt an id of its own.",
            $"чек {id}: уже {Russian(detail)} с другим содержимым; рассчитанный чек перед изменением откройте заново (reopen), и у каждого чека должен быть свой номер."),
        ReceiptRefusal.ReturnDiffers => new(
            $"receipt {id}: the return {detail} was made before with other content; give each return an id of its own.",
            $"чек {id}: возврат {detail} уже оформлен с другим содержимым; у каждого возврата должен быть свой номер."),
        ReceiptRefusal.ReceiptCancelled => new($"receipt {id}: was cancelled; use a new id.", $"чек {id}: отменён; возьмите новый номер."),
        ReceiptRefusal.ReceiptReturned => new($"receipt {id}: everything on it was returned already.", $"чек {id}: всё уже возвращено."),
        ReceiptRefusal.ReceiptClosed => new($"receipt {id}: is closed; cancel it or return lines.", $"чек {id}: закрыт; отмените его или оформите возврат."),
        ReceiptRefusal.ReceiptNotClosed => new($"receipt {id}: isn't closed, so nothing can be returned; cancel it.", $"чек {id}: не закрыт, возвращать нечего; отмените его."),
        ReceiptRefusal.LineUnknown => new($"receipt {id}: has no line {detail}.", $"чек {id}: нет строки {detail}."),
        ReceiptRefusal.ReturnTooMuch => new($"receipt {id}: {detail} is more than is left of the line.", $"чек {id}: {detail} — больше, чем осталось по строке."),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "No words for this refusal."),
    });

    static string Russian(string detail) => detail == "priced" ? "рассчитан" : "закрыт";
}
