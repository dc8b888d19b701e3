namespace Volna.Simulation;

/// <summary>A seeded make-believe retailer whose tastes and answers to offers are known.</summary>
public sealed class World;
