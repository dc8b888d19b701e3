using Volna.Offers;
using Volna.Offers.Response;

namespace Volna.Reports.Slots;

/// <summary>
/// Of a wave's trial what each customer was offered in each kind of slot, or, held out, would have been. Customers with a kind of slot among their offers,
/// made or ghosts, are alike in both arms: without ghosts those with the kind could only be compared with all held-out customers, who are others.
/// </summary>
sealed class TriedKinds
{
    public static readonly int Kinds = Enum.GetValues<SlotKind>().Length;

    readonly (int Product, SlotKind Slot)[] _offers;
    readonly Dictionary<int, (int Start, int End, bool HeldOut)> _places = [];
    readonly long[] _customers = new long[2 * Kinds];

    /// <param name="trial">A customer's offers stand together.</param>
    public TriedKinds(ReadOnlySpan<TrialOffer> trial)
    {
        _offers = new (int, SlotKind)[trial.Length];
        for (int start = 0, end; start < trial.Length; start = end)
        {
            uint kinds = 0;
            for (end = start; end < trial.Length && trial[end].Customer == trial[start].Customer; end++)
            {
                _offers[end] = (trial[end].Product, trial[end].Slot);
                kinds |= 1u << (int)trial[end].Slot;
            }

            var heldOut = trial[start].IsGhost;
            _places.Add(trial[start].Customer, (start, end, heldOut));
            for (var kind = 0; kind < Kinds; kind++)
                if ((kinds >> kind & 1) != 0)
                    _customers[(2 * kind) + (heldOut ? 1 : 0)]++;
        }
    }

    /// <summary>By kind, times two for the arms: customers with such an offer, made or a ghost.</summary>
    public IReadOnlyList<long> Customers => _customers;

    /// <summary>A customer's offers, made or ghosts; none if the trial doesn't look at her.</summary>
    public ReadOnlySpan<(int Product, SlotKind Slot)> Of(CustomerId customer, out bool heldOut)
    {
        var (start, end, isHeldOut) = _places.GetValueOrDefault(customer.Value);
        heldOut = isHeldOut;
        return _offers.AsSpan(start..end);
    }
}
