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
}

/// <summary>Names of the dimensions.</summary>
public static class Dimensions
{
    /// <summary>True where all assigned customers are compared, by what they bought of some goods.</summary>
    public static bool IsOfGoods(this Dimension dimension) => dimension is Dimension.Category or Dimension.Supplier;

    public static Text Name(this Dimension dimension) => dimension switch
    {
        Dimension.Everyone => new("everyone", "все"),
        Dimension.Segment => new("segment", "сегмент"),
        Dimension.City => new("city", "город"),
        Dimension.Channel => new("channel", "канал"),
        Dimension.Category => new("category", "категория"),
        Dimension.Supplier => new("supplier", "поставщик"),
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, null),
    };

    public static Text Title(this Dimension dimension) => dimension switch
    {
        Dimension.Segment => new("By segment", "По сегментам"),
        Dimension.City => new("By city", "По городам"),
        Dimension.Channel => new("By channel in which customers may be written to", "По каналам, в которых можно писать покупателю"),
        Dimension.Category => new("By category of goods", "По категориям товаров"),
        Dimension.Supplier => new("By supplier", "По поставщикам"),
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, null),
    };
}
