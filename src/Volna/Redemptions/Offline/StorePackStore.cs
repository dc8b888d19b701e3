using System.IO;
using Volna.Offers.Pack;

namespace Volna.Redemptions.Offline;

/// <summary>Makes the offer pack inside a store's pack: some of the wave's customers with their offers.</summary>
static class StorePackStore
{
    /// <param name="key">The store's.</param>
    public static byte[] Offers(DataFolder folder, OfferPackStore wave, IEnumerable<int> places, StoreId store, byte[] key)
    {
        var path = $"{folder.Wave(wave.WaveId)}/store-{store.Value}.pack";
        try
        {
            using (var pack = NewOfferPackStore.Create(key, path, wave.WaveId, wave.Validity))
            {
                foreach (var place in places)
                    if (wave.At(place) is { HeldOut: false } customer)
                        pack.Add(customer.Customer, customer.KeyHash, customer.Segment, heldOut: false, wave.OffersAt(place));
                pack.Commit();
            }

            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
