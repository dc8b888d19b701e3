namespace Volna.Tests.Redemptions;

/// <summary>
/// Clients that are released at one moment, each on a thread of its own until it waits for the first time. The threads stay from one round to the next, and
/// none of them uses the processor while it waits for the others.
/// </summary>
sealed class ReleasedTogether : IDisposable
{
    readonly Thread[] _threads;
    readonly Task[] _working;
    readonly object _gate = new();
    Func<int, Task>? _work;
    CountdownEvent _begun = new(0);
    int _round;

    public ReleasedTogether(int clients)
    {
        _working = new Task[clients];
        _threads = [.. Enumerable.Range(0, clients).Select(client => new Thread(() => Live(client), 256 << 10) { IsBackground = true })];
        foreach (var thread in _threads) thread.Start();
    }

    public async Task Run(Func<int, Task> work)
    {
        using var begun = _begun = new CountdownEvent(_threads.Length);
        lock (_gate)
        {
            _work = work;
            _round++;
            Monitor.PulseAll(_gate);
        }

        begun.Wait(TestContext.Current.CancellationToken);
        await Task.WhenAll(_working);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _work = null;
            _round++;
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in _threads) thread.Join();
    }

    void Live(int client)
    {
        for (var round = 1; ; round++)
        {
            Func<int, Task>? work;
            lock (_gate)
            {
                while (_round < round) Monitor.Wait(_gate);
                work = _work;
            }

            if (work is null) return;
            _working[client] = Begin(work, client);
            _begun.Signal();
        }
    }

    /// <summary>What it throws before it waits is told like all the rest.</summary>
    static async Task Begin(Func<int, Task> work, int client) => await work(client);
}
