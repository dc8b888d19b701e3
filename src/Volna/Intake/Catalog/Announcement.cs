namespace Volna.Intake.Catalog;

/// <summary>The first price of a product that nobody bought yet.</summary>
/// <param name="Day">From which on it holds.</param>
public readonly record struct Announcement(DateOnly Day, Money Price);
