namespace Volna.Reports;

/// <summary>By what the effect is broken down: groups of customers, then groups of goods.</summary>
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
}

/// <summary>Names of the dimensions.</summary>
public static class Dimensions
{
    /// <summary>True where all assigned customers are compared, by what they bought of some goods.</summary>
    public static bool IsOfGoods(this Dimension dimension) => dimension >= Dimension.Category;

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
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, null),
    };

    /// <summary>Name of a group as people read it.</summary>
    public static Text GroupName(this Dimension dimension, string name) => dimension switch
    {
        Dimension.Channel => ChannelName(name),
        Dimension.Beside => Reports.Beside.Name(name),
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
