using Volna.Offers.Allocation;

namespace Volna.Offers.Choice;

/// <summary>Customers after filtering and valuing, side by side in memory.</summary>
/// <param name="CandidateStarts">Where each customer's candidates start; one entry more than customers. <paramref name="OptionStarts"/> likewise.</param>
/// <param name="Options">The ways to offer the candidates, in their order.</param>
sealed record ValuedBlock(ValuedCustomer[] Customers, int[] CandidateStarts, ValuedCandidate[] Candidates, int[] OptionStarts, Option[] Options)
{
    public ReadOnlySpan<ValuedCandidate> CandidatesOf(int customer) => Candidates.AsSpan(CandidateStarts[customer], CandidateStarts[customer + 1] - CandidateStarts[customer]);

    public ReadOnlySpan<Option> OptionsOf(int customer) => Options.AsSpan(OptionStarts[customer], OptionStarts[customer + 1] - OptionStarts[customer]);

    /// <summary>What sharing out needs of it.</summary>
    public CustomerBlock ToShare() => new(Array.ConvertAll(Customers, customer => (ushort)customer.Segment), OptionStarts, Options);
}

/// <summary>Puts a <see cref="ValuedBlock"/> together.</summary>
sealed class ValuedBlockBuilder
{
    readonly List<ValuedCustomer> _customers = [];
    readonly List<int> _candidateStarts = [0], _optionStarts = [0];

    /// <summary>Those of the customer at work are at the end.</summary>
    public List<ValuedCandidate> Candidates { get; } = [];

    /// <inheritdoc cref="Candidates"/>
    public List<Option> Options { get; } = [];

    /// <summary>Ends the customer at work.</summary>
    public void Add(in ValuedCustomer customer)
    {
        _customers.Add(customer);
        _candidateStarts.Add(Candidates.Count);
        _optionStarts.Add(Options.Count);
    }

    public ValuedBlock Build() => new([.. _customers], [.. _candidateStarts], [.. Candidates], [.. _optionStarts], [.. Options]);
}
