namespace Volna.Tests;

/// <summary>
/// How long tests of chance run: short on every commit, long at night (<c>VOLNA_TEST_SIZE=nightly</c>). <c>nightly/10</c> is a tenth of a night, so that a
/// busy machine does it in ten runs of different seeds.
/// </summary>
static class TestSize
{
    static readonly string[] _asked = (Environment.GetEnvironmentVariable("VOLNA_TEST_SIZE") ?? "").Split('/');
    static readonly int _parts = _asked.Length > 1 ? int.Parse(_asked[1], System.Globalization.CultureInfo.InvariantCulture) : 1;

    public static bool IsNightly { get; } = _asked[0] == "nightly";

    public static int Of(int commit, int nightly) => IsNightly ? (nightly + _parts - 1) / _parts : commit;

    /// <summary>A seed to begin with, printed; <c>VOLNA_TEST_SEED</c> repeats a run.</summary>
    public static int Seed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("VOLNA_TEST_SEED"), out var given) ? given : Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"VOLNA_TEST_SEED={seed}");
        return seed;
    }
}
