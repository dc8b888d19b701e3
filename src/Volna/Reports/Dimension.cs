using Volna.Offers;

namespace Volna.Reports;

/// <summary>By what the effect is broken down.</summary>
public enum Dimension
{
    Everyone = 0,

    /// <summary>Of the plan.</summary>
    Segment = 1,

    /// <summary>Of the customer's home store.</summary>
    City = 2,

    /// <summary>In which the customer may be written to; she may have several.</summary>
    Channel = 3,

    /// <summary>What all customers bought of a top category.</summary>
    Category = 4,

    /// <summary>What all customers bought of a supplier's goods.</summary>
    Supplier = 5,

    /// <summary>What all customers bought of one of the products offered most.</summary>
    Product = 6,

    /// <summary>What all customers bought of the goods offered most together, of other goods of their categories, and of the rest; names in <see cref="Reports.Beside"/>.</summary>
    Beside = 7,

    /// <summary>Customers with an offer in a kind of slot, made or, held out, only decided (a ghost). Of many customers a sample.</summary>
    Slot = 8,

    /// <summary>What the same customers bought of the goods offered to each of them in that kind of slot.</summary>
    SlotGoods = 9,
}

/// <summary>Names of the dimensions.</summary>
public static class Dimensions
{
    /// <summary>True where customers are compared by what they bought of some goods.</summary>
    public static bool IsOfGoods(this Dimension dimension) => dimension is Dimension.SlotGoods or (>= Dimension.Category and <= Dimension.Beside);

    /// <summary>True where the customers of a trial are compared.</summary>
    public static bool IsOfSlot(this Dimension dimension) => dimension is Dimension.Slot or Dimension.SlotGoods;

    public static Text Name(this Dimension dimension) => dimension switch
    {
        Dimension.Everyone => new("everyone", "все"),
        Dimension.Segment => new("segment", "сегмент"),
        Dimension.City => new("city", "город"),
        Dimension.Channel => new("channel", "канал"),
        Dimension.Category => new("category", "категория"),
        Dimension.Supplier => new("supplier", "поставщик"),
        Dimension.Product => new("product", "товар"),
        Dimension.Beside => new("goods", "товары"),
        Dimension.Slot => new("slot", "слот"),
        Dimension.SlotGoods => new("goods of the slot", "товары слота"),
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, null),
    };

    public static Text Title(this Dimension dimension) => dimension switch
    {
        Dimension.Segment => new("By segment", "По сегментам"),
        Dimension.City => new("By city", "По городам"),
        Dimension.Channel => new("By channel in which customers may be written to", "По каналам, в которых можно писать покупателю"),
        Dimension.Category => new("By category of goods", "По категориям товаров"),
        Dimension.Supplier => new("By supplier", "По поставщикам"),
        Dimension.Product => new("By product, those offered most", "По товарам, которые предлагали чаще всего"),
        Dimension.Beside => new("Beside the goods offered", "Рядом с предложенными товарами"),
        Dimension.Slot => new("By kind of slot: all that its customers bought", "По видам слотов: все покупки их покупателей"),
        Dimension.SlotGoods => new("By kind of slot: the goods offered", "По видам слотов: предложенные товары"),
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, null),
    };

    /// <summary>What is compared by a kind of slot.</summary>
    public static Text Explain(this Dimension dimension) => dimension switch
    {
        Dimension.Slot => new(
            "All that customers bought of whose offers at least one was in such a slot, against held-out customers who would have got one (their offers are decided too, and never made). It is the effect of all her offers together, and kinds go to different customers: what one brought to its customers it needn't bring to others. Of many customers a sample.",
            "Все покупки тех, у кого хотя бы одно предложение было в таком слоте, относительно тех покупателей контроля, кто получил бы такое же (предложения подбираются и им, но не делаются). Это эффект всех предложений покупателя вместе; разные слоты достаются разным людям: что слот принёс на своих покупателях, он не обязательно принесёт на других. При большом числе покупателей — по выборке."),
        Dimension.SlotGoods => new(
            "What the same customers spent on the very goods offered to them in that slot. What they bought less of other goods instead isn't in it; it is in the effect on all purchases.",
            "Сколько те же покупатели потратили именно на товары, предложенные им в этом слоте. Чего они взамен купили меньше, здесь не видно: это входит в эффект на все покупки."),
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, null),
    };

    /// <summary>Name of a group as people read it.</summary>
    public static Text GroupName(this Dimension dimension, string name) => dimension switch
    {
        Dimension.Channel => ChannelName(name),
        Dimension.Beside => Reports.Beside.Name(name),
        Dimension.Slot or Dimension.SlotGoods => Enum.Parse<SlotKind>(name, ignoreCase: true).Name(),
        _ => new(name, name),
    };

    static Text ChannelName(string channel) => channel switch
    {
        "App" => new("app", "приложение"),
        "Email" => new("mail", "почта"),
        "Print" => new("printed receipt", "печатный чек"),
        _ => new(channel, channel),
    };
}
