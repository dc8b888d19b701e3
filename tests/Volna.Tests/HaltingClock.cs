namespace Volna.Tests;

/// <summary>Stops one thread at one of its looks at the clock.</summary>
sealed class HaltingClock : TimeProvider, IDisposable
{
    readonly ThreadLocal<int> _callsUntilHalt = new();

    public DateTimeOffset Now { get; set; } = Shop.Now;

    public ManualResetEventSlim Halted { get; } = new();

    public ManualResetEventSlim GoOn { get; } = new();

    public void HaltAtCall(int call) => _callsUntilHalt.Value = call;

    public override DateTimeOffset GetUtcNow()
    {
        if (_callsUntilHalt.Value-- == 1)
        {
            Halted.Set();
            GoOn.Wait(TimeSpan.FromSeconds(30));
        }

        return Now;
    }

    public void Dispose()
    {
        _callsUntilHalt.Dispose();
        Halted.Dispose();
        GoOn.Dispose();
    }
}
