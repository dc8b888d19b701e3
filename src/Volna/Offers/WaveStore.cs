namespace Volna.Offers;

/// <summary>Waves in the state database. Every change of status is conditional on the status it starts from.</summary>
public sealed class WaveStore(StateStore state)
{
    public IReadOnlyList<Wave> List() => throw new NotImplementedException(state.ToString());

    public Wave? Find(string id) => throw new NotImplementedException(id);

    /// <summary>Published waves whose validity includes a day.</summary>
    public IReadOnlyList<Wave> PublishedOn(DateOnly day) => throw new NotImplementedException();

    /// <exception cref="GuardException">The wave isn't in the status <paramref name="from"/> any more.</exception>
    public void Move(string id, WaveStatus from, WaveStatus to) => throw new NotImplementedException();
}
