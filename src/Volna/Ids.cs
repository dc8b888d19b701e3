namespace Volna;

// Our own numbers, dense from 1 in the order of first appearance, so that arrays can be indexed by them; 0 means none.
// What the retailer calls the same thing is its Key, a text.

/// <summary>Our number of a customer.</summary>
public readonly record struct CustomerId(int Value);

/// <summary>Our number of a product.</summary>
public readonly record struct ProductId(int Value);

/// <summary>Our number of a category: a path such as <c>Food/Dairy/Milk</c>, or one of its parents.</summary>
public readonly record struct CategoryId(int Value);

/// <summary>Our number of a store.</summary>
public readonly record struct StoreId(int Value);
