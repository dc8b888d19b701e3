using System.Runtime.InteropServices;
using Volna.Offers.Allocation;
using Volna.Offers.Filter;

namespace Volna.Offers.Choice;

/// <summary>Customers after filtering and valuing, side by side in memory.</summary>
/// <param name="CandidateStarts">Where each customer's candidates start; one entry more than customers. <paramref name="OptionStarts"/> likewise.</param>
/// <param name="Options">The ways to offer the candidates, in their order.</param>
/// <param name="Baskets">Terms of the candidates that are whole baskets; <see cref="ValuedCandidate.Because"/> tells the place.</param>
sealed record ValuedBlock(ValuedCustomer[] Customers, int[] CandidateStarts, ValuedCandidate[] Candidates, int[] OptionStarts, Option[] Options, PriceTerms[] Baskets)
{
    public ReadOnlySpan<ValuedCandidate> CandidatesOf(int customer) => Candidates.AsSpan(CandidateStarts[customer], CandidateStarts[customer + 1] - CandidateStarts[customer]);

    public ReadOnlySpan<Option> OptionsOf(int customer) => Options.AsSpan(OptionStarts[customer], OptionStarts[customer + 1] - OptionStarts[customer]);

    /// <summary>What sharing out needs of it.</summary>
    public CustomerBlock ToShare() => new(Array.ConvertAll(Customers, customer => (ushort)customer.Segment), OptionStarts, Options);
}

/// <summary>Puts a <see cref="ValuedBlock"/> together.</summary>
sealed class ValuedBlockBuilder
{
    public ValuedBlockBuilder() => Clear();

    /// <summary>See <see cref="ValuedBlock"/>, as of the next three.</summary>
    public PiecedList<ValuedCustomer> Customers { get; } = new();

    public PiecedList<int> CandidateStarts { get; } = new();

    public PiecedList<ValuedCandidate> AllCandidates { get; } = new();

    public PiecedList<int> OptionStarts { get; } = new();

    public PiecedList<Option> AllOptions { get; } = new();

    /// <inheritdoc cref="ValuedBlock"/>
    public PiecedList<PriceTerms> Baskets { get; } = new();

    /// <summary>Those of the customer at work.</summary>
    public List<ValuedCandidate> Candidates { get; } = [];

    /// <inheritdoc cref="Candidates"/>
    public List<Option> Options { get; } = [];

    /// <summary>Ends the customer at work.</summary>
    public void Add(in ValuedCustomer customer)
    {
        Customers.Add(customer);
        AllCandidates.Add(CollectionsMarshal.AsSpan(Candidates));
        AllOptions.Add(CollectionsMarshal.AsSpan(Options));
        CandidateStarts.Add(AllCandidates.Count);
        OptionStarts.Add(AllOptions.Count);
        Candidates.Clear();
        Options.Clear();
    }

    /// <summary>Makes room for other customers.</summary>
    public void Clear()
    {
        Customers.Clear();
        CandidateStarts.Clear();
        AllCandidates.Clear();
        OptionStarts.Clear();
        AllOptions.Clear();
        Baskets.Clear();
        CandidateStarts.Add(0);
        OptionStarts.Add(0);
    }

    public ValuedBlock Build() => new(Customers.ToArray(), CandidateStarts.ToArray(), AllCandidates.ToArray(), OptionStarts.ToArray(), AllOptions.ToArray(), Baskets.ToArray());
}
