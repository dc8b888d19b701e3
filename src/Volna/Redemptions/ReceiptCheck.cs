namespace Volna.Redemptions;

/// <summary>What a receipt must be like before anything is done with it. The limits keep every sum far within 64 bits.</summary>
static class ReceiptCheck
{
    public const int MostLines = 1_000, LongestId = 64, LongestKey = 256;

    /// <summary>How far a till's clock may be off.</summary>
    public static readonly TimeSpan MostClockOff = TimeSpan.FromMinutes(30);

    static readonly Quantity MostQuantity = Quantity.Of(100_000);
    public static readonly Money MostPrice = Money.FromMajor(100_000_000);

    // The tills add up discounts of all receipts of a wave.
    static readonly Money MostTotal = Money.FromMajor(10_000_000_000);

    /// <exception cref="BadInputException">Something is missing or out of bounds; the sentence names it.</exception>
    public static void Check(TillReceipt receipt)
    {
        CheckId(receipt.Id);
        if (receipt.Store.Length > LongestKey)
            throw Bad("receipt-store", $"receipt {receipt.Id}: the store's key has {receipt.Store.Length} characters, at most {LongestKey} are allowed", $"чек {receipt.Id}: ключ магазина длиной {receipt.Store.Length}, допустимо не более {LongestKey} символов");
        if (receipt.Customer.Length > LongestKey)
            throw Bad("receipt-customer", $"receipt {receipt.Id}: the customer's key has {receipt.Customer.Length} characters, at most {LongestKey} are allowed", $"чек {receipt.Id}: ключ покупателя длиной {receipt.Customer.Length}, допустимо не более {LongestKey} символов");
        if (receipt.Time.Year is < 2000 or > 2200)
            throw Bad("receipt-time", $"receipt {receipt.Id}: the time {receipt.Time:yyyy-MM-ddTHH:mm:sszzz} isn't between the years 2000 and 2200", $"чек {receipt.Id}: время {receipt.Time:yyyy-MM-ddTHH:mm:sszzz} вне 2000–2200 годов");
        if (receipt.Lines.Count == 0)
            throw Bad("receipt-empty", $"receipt {receipt.Id}: has no lines", $"чек {receipt.Id}: нет ни одной строки");
        if (receipt.Lines.Count > MostLines)
            throw Bad("receipt-too-long", $"receipt {receipt.Id}: has {receipt.Lines.Count} lines, at most {MostLines} are allowed", $"чек {receipt.Id}: строк {receipt.Lines.Count}, допустимо не более {MostLines}");

        // Small receipts, which are nearly all, are compared pair by pair: cheaper than a set.
        var ids = receipt.Lines.Count > 16 ? new HashSet<string>(receipt.Lines.Count) : null;
        var shelf = Money.Zero;
        for (var i = 0; i < receipt.Lines.Count; i++)
        {
            var line = receipt.Lines[i];
            if (!IsId(line.Id, LongestId))
                throw Bad("line-id", $"receipt {receipt.Id}, line {i + 1}: the line's id has to have 1 to 64 characters without control characters", $"чек {receipt.Id}, строка {i + 1}: номер строки должен состоять из 1–64 символов без управляющих");
            if (ids is null ? IsBefore(receipt.Lines, i) : !ids.Add(line.Id))
                throw Bad("line-id-twice", $"receipt {receipt.Id}: two lines have the id {line.Id}", $"чек {receipt.Id}: у двух строк одинаковый номер {line.Id}");
            if (!IsId(line.Product, LongestKey))
                throw Bad("line-product", $"receipt {receipt.Id}, line {line.Id}: the product's key has to have 1 to {LongestKey} characters without control characters", $"чек {receipt.Id}, строка {line.Id}: ключ товара должен состоять из 1–{LongestKey} символов без управляющих");
            if (line.Quantity.Thousandths <= 0 || line.Quantity.Thousandths > MostQuantity.Thousandths)
                throw Bad("line-quantity", $"receipt {receipt.Id}, line {line.Id}: the quantity {line.Quantity} isn't above 0 and at most {MostQuantity}", $"чек {receipt.Id}, строка {line.Id}: количество {line.Quantity} должно быть больше 0 и не больше {MostQuantity}");
            if (line.UnitPrice < Money.Zero || line.UnitPrice > MostPrice)
                throw Bad("line-price", $"receipt {receipt.Id}, line {line.Id}: the price {line.UnitPrice} isn't between 0 and {MostPrice}", $"чек {receipt.Id}, строка {line.Id}: цена {line.UnitPrice} должна быть от 0 до {MostPrice}");
            shelf += line.Quantity.Times(line.UnitPrice);
        }

        if (shelf > MostTotal)
            throw Bad("receipt-too-large", $"receipt {receipt.Id}: its lines come to {shelf}, more than {MostTotal}", $"чек {receipt.Id}: сумма строк {shelf} больше {MostTotal}");
        if (receipt.ShelfTotal is { } told && told != shelf)
            throw Bad("total-differs", $"receipt {receipt.Id}: the till tells a total of {told}, its lines come to {shelf}; a line was lost or changed on the way", $"чек {receipt.Id}: касса сообщает сумму {told}, а строки дают {shelf}; строка потеряна или изменена по пути");
    }

    /// <exception cref="BadInputException">Something is missing or out of bounds.</exception>
    public static void Check(TillReturn goods)
    {
        CheckId(goods.Receipt);
        if (!IsId(goods.Id, LongestId))
            throw Bad("return-id", $"receipt {goods.Receipt}: the return's id has to have 1 to 64 characters without control characters", $"чек {goods.Receipt}: номер возврата должен состоять из 1–64 символов без управляющих");
        if (goods.Lines.Count is 0 or > MostLines)
            throw Bad("return-empty", $"receipt {goods.Receipt}, return {goods.Id}: has {goods.Lines.Count} lines, expected 1 to {MostLines}", $"чек {goods.Receipt}, возврат {goods.Id}: строк {goods.Lines.Count}, ожидалось от 1 до {MostLines}");
        var ids = new HashSet<string>(goods.Lines.Count);
        foreach (var line in goods.Lines)
        {
            if (!ids.Add(line.Id)) throw Bad("line-id-twice", $"receipt {goods.Receipt}, return {goods.Id}: two lines have the id {line.Id}", $"чек {goods.Receipt}, возврат {goods.Id}: у двух строк одинаковый номер {line.Id}");
            if (line.Quantity.Thousandths <= 0 || line.Quantity.Thousandths > MostQuantity.Thousandths)
                throw Bad("line-quantity", $"receipt {goods.Receipt}, line {line.Id}: the quantity {line.Quantity} isn't above 0 and at most {MostQuantity}", $"чек {goods.Receipt}, строка {line.Id}: количество {line.Quantity} должно быть больше 0 и не больше {MostQuantity}");
        }
    }

    /// <summary>Whether a till's clock is off: it would use offers that aren't valid yet, or not any more.</summary>
    /// <param name="mayBeLate">The till says that it was rung up before, or it is known from then.</param>
    /// <exception cref="BadInputException">It is.</exception>
    public static void CheckClock(TillReceipt receipt, DateTimeOffset now, Func<bool> mayBeLate)
    {
        var ahead = receipt.Time - now;
        if (ahead > MostClockOff)
            throw Bad(
                "receipt-clock", $"receipt {receipt.Id}: the time {receipt.Time:yyyy-MM-ddTHH:mm:sszzz} is more than {MostClockOff.TotalMinutes} minutes ahead of the server's {now:yyyy-MM-ddTHH:mm:sszzz}; set the till's clock",
                $"чек {receipt.Id}: время {receipt.Time:yyyy-MM-ddTHH:mm:sszzz} опережает время сервера {now:yyyy-MM-ddTHH:mm:sszzz} больше чем на {MostClockOff.TotalMinutes} минут; проверьте часы кассы");
        if (ahead < -MostClockOff && !mayBeLate())
            throw Bad(
                "receipt-clock",
                $"receipt {receipt.Id}: the time {receipt.Time:yyyy-MM-ddTHH:mm:sszzz} is more than {MostClockOff.TotalMinutes} minutes behind the server's {now:yyyy-MM-ddTHH:mm:sszzz}; set the till's clock, or send \"replay\": true for a receipt rung up then",
                $"чек {receipt.Id}: время {receipt.Time:yyyy-MM-ddTHH:mm:sszzz} отстаёт от времени сервера {now:yyyy-MM-ddTHH:mm:sszzz} больше чем на {MostClockOff.TotalMinutes} минут; проверьте часы кассы или укажите \"replay\": true, если чек пробит тогда");
    }

    /// <exception cref="BadInputException">A receipt can't be called that.</exception>
    public static void CheckId(string id)
    {
        if (!IsId(id, LongestId))
            throw Bad("receipt-id", "the receipt's id has to have 1 to 64 characters without control characters", "номер чека должен состоять из 1–64 символов без управляющих");
    }

    /// <exception cref="BadInputException">The caller's key is too long or unreadable.</exception>
    public static void CheckKey(string key)
    {
        if (key.Length > 0 && !IsId(key, LongestKey))
            throw Bad("key-invalid", $"Idempotency-Key: expected at most {LongestKey} characters without control characters", $"Idempotency-Key: ожидается не более {LongestKey} символов без управляющих");
    }

    internal static BadInputException Bad(string code, string english, string russian) => new(code, new Text(english + ".", russian + "."));

    static bool IsBefore(IReadOnlyList<TillLine> lines, int at)
    {
        for (var i = 0; i < at; i++)
            if (lines[i].Id == lines[at].Id)
                return true;
        return false;
    }

    static bool IsId(string id, int longest)
    {
        if (id.Length == 0 || id.Length > longest) return false;
        foreach (var sign in id)
            if (char.IsControl(sign))
                return false;
        return true;
    }
}
