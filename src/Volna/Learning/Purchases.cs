using Volna.Intake.History;

namespace Volna.Learning;

/// <summary>What a customer kept of what she bought.</summary>
static class Purchases
{
    /// <summary>
    /// The quantity of each line that wasn't brought back: a return takes from the latest purchases of its product first, and is none itself.
    /// A return without a purchase changes nothing.
    /// </summary>
    /// <param name="lines">Oldest first.</param>
    /// <param name="keptThousandths">Filled, a number for each line.</param>
    public static void Keep(ReadOnlySpan<PurchaseLine> lines, Span<int> keptThousandths)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            ref readonly var line = ref lines[i];
            keptThousandths[i] = Math.Max(line.QuantityThousandths, 0);
            long returned = -Math.Min((long)line.QuantityThousandths, 0);
            for (var earlier = i - 1; returned > 0 && earlier >= 0; earlier--)
            {
                if (lines[earlier].Product != line.Product) continue;
                var taken = (int)Math.Min(returned, keptThousandths[earlier]);
                keptThousandths[earlier] -= taken;
                returned -= taken;
            }
        }
    }
}
