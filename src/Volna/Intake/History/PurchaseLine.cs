namespace Volna.Intake.History;

/// <summary>One line of a receipt, as kept in the purchase history.</summary>
/// <param name="Receipt">Hash of the receipt's own number, store and day; equal for the lines of one receipt and no others, never shown.</param>
/// <param name="Minute">The store's wall clock, in minutes since 2000-01-01 00:00; see <see cref="Clock"/>.</param>
/// <param name="Store">Number of the <see cref="StoreId"/>, 0 if not known.</param>
/// <param name="Product">Number of the <see cref="ProductId"/>.</param>
/// <param name="QuantityThousandths">Pieces or kilograms times 1,000; negative on a return.</param>
/// <param name="PaidMinor">What was paid for the line after all discounts, in minor units; negative on a return.</param>
/// <param name="DiscountMinor">All discounts on the line, in minor units, not below zero on a sale.</param>
public readonly record struct PurchaseLine(
    ulong Receipt, int Minute, int Store, int Product, int QuantityThousandths, long PaidMinor, long DiscountMinor)
{
    public DateOnly Day => Clock.Day(Minute);

    public bool IsReturn => QuantityThousandths < 0;

    /// <summary>Whether a product is among them, returns apart.</summary>
    public static bool HasBought(ReadOnlySpan<PurchaseLine> lines, int product)
    {
        foreach (ref readonly var line in lines)
            if (line.Product == product && !line.IsReturn)
                return true;
        return false;
    }

    /// <summary>Receipts with at least one line that isn't a return. Lines of one receipt may differ in minute, and then others may stand between them.</summary>
    public static int CountReceipts(ReadOnlySpan<PurchaseLine> lines)
    {
        // Few receipts are compared one by one, because this is asked of millions of customers; many go into a set.
        Span<ulong> few = stackalloc ulong[32];
        HashSet<ulong>? many = null;
        var count = 0;
        foreach (ref readonly var line in lines)
        {
            if (line.IsReturn || (count > 0 && few[count - 1] == line.Receipt)) continue;
            if (many is not null)
            {
                many.Add(line.Receipt);
            }
            else if (!few[..count].Contains(line.Receipt))
            {
                if (count < few.Length) few[count++] = line.Receipt;
                else many = [.. few, line.Receipt];
            }
        }

        return many?.Count ?? count;
    }
}

/// <summary>The history's clock: minutes and days of the store's wall clock since 2000-01-01.</summary>
public static class Clock
{
    static readonly DateTime Epoch = new(2000, 1, 1);
    static readonly int EpochDayNumber = new DateOnly(2000, 1, 1).DayNumber;

    public static int Minute(DateTime wallClock) => (int)((wallClock.Ticks - Epoch.Ticks) / TimeSpan.TicksPerMinute);

    public static DateTime WallClock(int minute) => Epoch.AddMinutes(minute);

    /// <summary>The first minute of a day.</summary>
    public static int Minute(DateOnly day) => (day.DayNumber - EpochDayNumber) * 1440;

    public static DateOnly Day(int minute) => DateOnly.FromDayNumber(EpochDayNumber + (int)Math.Floor(minute / 1440.0));
}
