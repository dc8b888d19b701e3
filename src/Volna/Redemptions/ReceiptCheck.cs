namespace Volna.Redemptions;

/// <summary>What a receipt must be like before anything is done with it. The limits keep every sum far within 64 bits.</summary>
static class ReceiptCheck
{
    public const int MostLines = 1_000, LongestId = 64, LongestKey = 256;

    static readonly Quantity MostQuantity = Quantity.Of(100_000);
    static readonly Money MostPrice = Money.FromMajor(100_000_000);

    /// <exception cref="BadInputException">Something is missing or out of bounds; the sentence names it.</exception>
    public static void Check(TillReceipt receipt)
    {
        if (!IsId(receipt.Id, LongestId))
            throw Bad("receipt-id", "the receipt's id has to have 1 to 64 characters without control characters", "номер чека должен состоять из 1–64 символов без управляющих");
        if (receipt.Store.Length > LongestKey)
            throw Bad("receipt-store", $"receipt {receipt.Id}: the store's key has {receipt.Store.Length} characters, at most {LongestKey} are allowed", $"чек {receipt.Id}: ключ магазина длиной {receipt.Store.Length}, допустимо не более {LongestKey} символов");
        if (receipt.Customer.Length > LongestKey)
            throw Bad("receipt-customer", $"receipt {receipt.Id}: the customer's key has {receipt.Customer.Length} characters, at most {LongestKey} are allowed", $"чек {receipt.Id}: ключ покупателя длиной {receipt.Customer.Length}, допустимо не более {LongestKey} символов");
        if (receipt.Time.Year is < 2000 or > 2200)
            throw Bad("receipt-time", $"receipt {receipt.Id}: the time {receipt.Time:O} isn't between the years 2000 and 2200", $"чек {receipt.Id}: время {receipt.Time:O} вне 2000–2200 годов");
        if (receipt.Lines.Count == 0)
            throw Bad("receipt-empty", $"receipt {receipt.Id}: has no lines", $"чек {receipt.Id}: нет ни одной строки");
        if (receipt.Lines.Count > MostLines)
            throw Bad("receipt-too-long", $"receipt {receipt.Id}: has {receipt.Lines.Count} lines, at most {MostLines} are allowed", $"чек {receipt.Id}: строк {receipt.Lines.Count}, допустимо не более {MostLines}");

        var ids = new HashSet<string>(receipt.Lines.Count);
        for (var i = 0; i < receipt.Lines.Count; i++)
        {
            var line = receipt.Lines[i];
            if (!IsId(line.Id, LongestId))
                throw Bad("line-id", $"receipt {receipt.Id}, line {i + 1}: the line's id has to have 1 to 64 characters without control characters", $"чек {receipt.Id}, строка {i + 1}: номер строки должен состоять из 1–64 символов без управляющих");
            if (!ids.Add(line.Id))
                throw Bad("line-id-twice", $"receipt {receipt.Id}: two lines have the id {line.Id}", $"чек {receipt.Id}: у двух строк одинаковый номер {line.Id}");
            if (!IsId(line.Product, LongestKey))
                throw Bad("line-product", $"receipt {receipt.Id}, line {line.Id}: the product's key has to have 1 to {LongestKey} characters without control characters", $"чек {receipt.Id}, строка {line.Id}: ключ товара должен состоять из 1–{LongestKey} символов без управляющих");
            if (line.Quantity.Thousandths <= 0 || line.Quantity.Thousandths > MostQuantity.Thousandths)
                throw Bad("line-quantity", $"receipt {receipt.Id}, line {line.Id}: the quantity {line.Quantity} isn't above 0 and at most {MostQuantity}", $"чек {receipt.Id}, строка {line.Id}: количество {line.Quantity} должно быть больше 0 и не больше {MostQuantity}");
            if (line.UnitPrice < Money.Zero || line.UnitPrice > MostPrice)
                throw Bad("line-price", $"receipt {receipt.Id}, line {line.Id}: the price {line.UnitPrice} isn't between 0 and {MostPrice}", $"чек {receipt.Id}, строка {line.Id}: цена {line.UnitPrice} должна быть от 0 до {MostPrice}");
        }
    }

    internal static BadInputException Bad(string code, string english, string russian) => new(code, new Text(english + ".", russian + "."));

    static bool IsId(string id, int longest) => id.Length > 0 && id.Length <= longest && !id.Any(char.IsControl);
}
