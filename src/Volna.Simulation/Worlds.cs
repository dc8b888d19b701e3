namespace Volna.Simulation;

/// <summary>Ready-made worlds whose truth is known, for tests of what is reckoned from them.</summary>
public static class Worlds
{
    /// <summary>Customers with spend before and in a wave, both arms and the true effect of each, in milliseconds.</summary>
    /// <param name="customers">At least one.</param>
    /// <param name="treatedShare">Chance of a customer not to be held out.</param>
    /// <param name="season">How much more often everybody comes in the wave's days than before, wave or not.</param>
    public static Panel Panel(
        ulong seed, int customers, PanelEffect effect, double treatedShare = 0.9, double season = 0, int daysBefore = 56, int days = 14)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(customers);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(days);
        return Simulation.Panel.Make(seed, customers, effect, treatedShare, season, daysBefore, days);
    }
}
