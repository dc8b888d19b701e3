using System.Buffers;
using Volna.Kernels;
using Volna.Offers;

namespace Volna.Redemptions;

// Look-ups over HTTP: the same as Offers, which is the definition, without an object for anything.
public sealed partial class Till
{
    const int UsualPacks = 16, UsualOffers = 16;

    /// <summary>Writes what <see cref="Offers"/> tells as tills are sent it: a <see cref="CustomerOffersMessage"/>.</summary>
    internal void WriteOffers(IBufferWriter<byte> to, string customer, string store, DateTimeOffset moment)
    {
        var day = _live.For(store, moment);
        var packs = day.Packs;
        var hash = Hash64.Of(customer);
        var isKnown = false;
        Span<int> places = packs.Count <= UsualPacks ? stackalloc int[packs.Count] : new int[packs.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = customer.Length == 0 ? -1 : packs[i].Find(hash);
            isKnown |= places[i] >= 0;
        }

        var texts = LookUpTexts.Of(day);
        texts.WriteStart(to, customer, isKnown || IsKnown(customer, []));
        Span<byte> codes = stackalloc byte[UsualOffers * OfferCode.Length];
        var isFirst = true;
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i] < 0) continue;
            var rows = packs[i].RowsAt(places[i], out var number);
            if (rows.IsEmpty) continue;
            ulong reserved, redeemed;
            bool isElsewhere;
            lock (_lock)
            {
                (reserved, redeemed) = Book(packs[i].WaveId).HeldBy(number.Value);
                isElsewhere = IsLeasedElsewhere(packs[i], places[i], store, day);
            }

            var all = rows.Length <= UsualOffers ? codes[..(rows.Length * OfferCode.Length)] : new byte[rows.Length * OfferCode.Length];
            OfferCode.Write(_secret, packs[i].WaveId, number, all);
            for (var index = 0; index < rows.Length; index++)
            {
                var bit = 1UL << index;
                if (isElsewhere && ((reserved | redeemed) & bit) == 0) continue;
                texts.WriteOffer(to, i, all.Slice(index * OfferCode.Length, OfferCode.Length), rows[index], (redeemed & bit) != 0, isFirst);
                isFirst = false;
            }
        }

        LookUpTexts.WriteEnd(to);
    }
}
