using System.Runtime.InteropServices;

namespace Volna.Intake.Catalog;

/// <summary>The ways in which offers reach a customer.</summary>
[Flags]
public enum Channels : byte
{
    None = 0,
    App = 1,
    Email = 2,
    Print = 4,
    All = App | Email | Print,
}

public enum Gender : byte
{
    Unknown = 0,
    Female = 1,
    Male = 2,
}

/// <summary>What decisions need of a customer; small, because millions are held at once.</summary>
/// <param name="KeyHash">Hash of the customer's key (<c>Kernels.Hash64</c>, seed 0): decides shard, hold-out and draws, alike on every machine.</param>
/// <param name="HomeStore">The store given by the retailer, 0 if none.</param>
/// <param name="Consents">Where she agreed to be written to and can be: not by mail to an address from which letters came back.</param>
/// <param name="BirthDate">Null where not given.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CustomerProfile(
    CustomerId Id, ulong KeyHash, StoreId HomeStore, Channels Consents, DateOnly? BirthDate, Gender Gender);

/// <summary>What messages need of a customer.</summary>
/// <param name="Language">Null where she gave none; then the plan's language holds.</param>
public sealed record Contact(CustomerId Id, string Key, string FirstName, string LastName, string Email, string Phone, Language? Language, Channels Consents);
