namespace Volna.Offers.Plans;

/// <summary>Whose law a plan's offers keep.</summary>
public enum Country
{
    Russia = 0,
    Kazakhstan = 1,
    Belarus = 2,
}
