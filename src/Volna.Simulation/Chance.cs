using Volna.Kernels;

namespace Volna.Simulation;

/// <summary>What is drawn for a shopper; each purpose is independent of the others.</summary>
enum Purpose : byte
{
    Visit = 1,
    VisitStore = 2,
    VisitMinute = 3,
    Need = 4,
    Product = 5,
    Quantity = 6,
    Return = 7,
    ReturnDelay = 8,
    Aware = 9,
    FirstStock = 10,
    Adopt = 11,
    Unsubscribe = 12,
    Complain = 13,
    MailBox = 14,
    MailClick = 15,
    SiteDay = 16,
    SiteView = 17,
    SiteDeed = 18,
    Trip = 19,
    Considers = 20,
    MailFetch = 21,
}

/// <summary>
/// A shopper's luck as a function of its coordinates instead of a stream: what happens on one day never shifts the draws of another. So the
/// world with an offer and the world without it share their luck, and differ only where the offer could have mattered (common random numbers).
/// </summary>
readonly struct Chance(ulong key)
{
    public double Unit(Purpose purpose, int day, int subject) =>
        (Draw.Mix(key ^ (((ulong)purpose << 56) | ((ulong)(uint)day << 32) | (uint)subject)) >> 11) * (1.0 / (1UL << 53));
}
