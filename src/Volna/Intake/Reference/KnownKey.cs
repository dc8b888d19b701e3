using Volna.Intake.Files;

namespace Volna.Intake.Reference;

/// <summary>Links to things that must be known already: a rule about a mistyped product would silently do nothing.</summary>
static class KnownKey
{
    /// <summary>Number of a product; 0 where the cell is empty or the row was rejected.</summary>
    public static int Product(Row row, Column column, FileContext context) => Check(row, column, context.Keys.Products.Find(row.Key(column)), RejectReason.UnknownProduct);

    /// <inheritdoc cref="Product"/>
    public static int Store(Row row, Column column, FileContext context) => Check(row, column, context.Keys.Stores.Find(row.Key(column)), RejectReason.UnknownStore);

    /// <inheritdoc cref="Product"/>
    public static int Customer(Row row, Column column, FileContext context) => Check(row, column, context.Keys.Customers.Find(row.Key(column)), RejectReason.UnknownCustomer);

    static int Check(Row row, Column column, int number, RejectReason reason)
    {
        if (number == 0 && !row.Bytes(column).IsEmpty) row.Reject(reason, column);
        return number;
    }
}
