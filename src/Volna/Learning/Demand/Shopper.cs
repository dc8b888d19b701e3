using Volna.Intake.History;

namespace Volna.Learning.Demand;

/// <summary>What a customer did with one product. Days count from 2000-01-01.</summary>
struct ProductUse
{
    public int Product;

    /// <summary>The days on which she bought it.</summary>
    public int Times;
    public int FirstDay, LastDay;

    /// <summary>Thousandths of all days, and of the last.</summary>
    public long Quantity, LastQuantity;

    /// <summary>For that quantity.</summary>
    public long PaidMinor;

    /// <summary>Times, each halved with the age of a window, and with that of <see cref="Shopper.LongWindows"/> windows.</summary>
    public float LatelyTimes, LongTimes;
}

/// <summary>
/// One customer's purchases up to a day, summed up by product. Made to be used again and again by one thread: reading the next customer
/// allocates nothing.
/// </summary>
sealed class Shopper
{
    public const int LongWindows = 6;

    int[] _place = [];
    ProductUse[] _uses = new ProductUse[64];
    int[] _kept = new int[256];
    int _count;

    public ReadOnlySpan<ProductUse> Uses => _uses.AsSpan(0, _count);

    /// <summary>Days on which she bought anything.</summary>
    public int Visits { get; private set; }

    public int FirstDay { get; private set; }

    public int LastDay { get; private set; }

    /// <summary>Visits, halved as in <see cref="ProductUse"/>.</summary>
    public float LatelyVisits { get; private set; }

    public float LongVisits { get; private set; }

    /// <summary>True if she bought a product and kept it.</summary>
    public bool Knows(int product) => (uint)product < (uint)_place.Length && _place[product] > 0;

    /// <summary>Sums up what she bought and kept before a day.</summary>
    public void Read(CustomerHistory history, int day, int windowDays)
    {
        var lines = history.Before(Days.Date(day));
        foreach (ref readonly var use in Uses) _place[use.Product] = 0;
        _count = Visits = FirstDay = LastDay = 0;
        LatelyVisits = LongVisits = 0;

        if (_kept.Length < lines.Length) _kept = new int[lines.Length * 2];
        Purchases.Keep(lines, _kept);
        float lately = 0, longer = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            if (_kept[i] == 0) continue;
            ref readonly var line = ref lines[i];
            var lineDay = Days.OfMinute(line.Minute);
            if (Visits == 0 || lineDay != LastDay)
            {
                var age = (float)(day - lineDay) / windowDays;
                lately = MathF.Exp(-0.6931472f * age);
                longer = MathF.Exp(-0.6931472f / LongWindows * age);
                if (Visits++ == 0) FirstDay = lineDay;
                LastDay = lineDay;
                LatelyVisits += lately;
                LongVisits += longer;
            }

            ref var use = ref Use(line.Product);
            if (use.Times == 0 || use.LastDay != lineDay)
            {
                if (use.Times++ == 0) use.FirstDay = lineDay;
                use.LastDay = lineDay;
                use.LastQuantity = 0;
                use.LatelyTimes += lately;
                use.LongTimes += longer;
            }

            use.Quantity += _kept[i];
            use.LastQuantity += _kept[i];
            if (_kept[i] == line.QuantityThousandths) use.PaidMinor += line.PaidMinor;
            else use.PaidMinor += (long)Math.Round((double)line.PaidMinor * _kept[i] / line.QuantityThousandths);
        }
    }

    /// <summary>The products she bought and kept from a day on, until the day before another; reads them.</summary>
    public HashSet<int> BoughtWithin(CustomerHistory history, int start, int end)
    {
        Read(history, end, Math.Max(end - start, 1));
        var bought = new HashSet<int>();
        foreach (ref readonly var use in Uses)
            if (use.LastDay >= start) bought.Add(use.Product);
        return bought;
    }

    ref ProductUse Use(int product)
    {
        if (product >= _place.Length) Array.Resize(ref _place, (product + 1) * 2);
        if (_place[product] == 0)
        {
            if (_count == _uses.Length) Array.Resize(ref _uses, _count * 2);
            _uses[_count] = new ProductUse { Product = product };
            _place[product] = ++_count;
        }

        return ref _uses[_place[product] - 1];
    }
}
