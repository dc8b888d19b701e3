namespace Volna.Intake.Catalog;

/// <summary>A value of weather, events or another series on a day.</summary>
/// <param name="City">Empty for all cities without values of their own.</param>
public readonly record struct SeriesValue(string Series, string City, DateOnly Day, double Value);
