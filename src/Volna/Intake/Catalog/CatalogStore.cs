namespace Volna.Intake.Catalog;

/// <summary>Reads goods, stores, rules and customers from the state database.</summary>
public sealed class CatalogStore(StateStore state)
{
    /// <summary>Loads the catalogue as it holds on a day (prices, exclusions and promotions of other days left out where they are dated).</summary>
    public Catalog Load(DateOnly day) => throw new NotImplementedException(state.ToString() + day);

    /// <summary>All customers by number; entry 0 is default.</summary>
    public CustomerProfile[] LoadProfiles() => throw new NotImplementedException();

    /// <summary>The number of a customer by the retailer's key, or null.</summary>
    public CustomerId? FindCustomer(string key) => throw new NotImplementedException();

    /// <summary>Names and addresses of some customers, in the order asked for.</summary>
    public IReadOnlyList<Contact> Contacts(IReadOnlyList<CustomerId> customers) => throw new NotImplementedException();
}
