namespace Volna.Tests;

/// <summary>How long tests of chance run: short on every commit, long at night (<c>VOLNA_TEST_SIZE=nightly</c>).</summary>
static class TestSize
{
    public static bool IsNightly { get; } = Environment.GetEnvironmentVariable("VOLNA_TEST_SIZE") == "nightly";

    public static int Of(int commit, int nightly) => IsNightly ? nightly : commit;

    /// <summary>A seed to begin with, printed; <c>VOLNA_TEST_SEED</c> repeats a run.</summary>
    public static int Seed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("VOLNA_TEST_SEED"), out var given) ? given : Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"VOLNA_TEST_SEED={seed}");
        return seed;
    }
}
