using System.Text.Encodings.Web;
using System.Text.Json;

namespace Volna.Simulation.Loop;

/// <summary>Keeps what a loop found: <c>loop.json</c> with every figure and <c>loop.html</c> to be looked at.</summary>
static class LoopStore
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Save(string folder, LoopResult result, Language language)
    {
        File.WriteAllText(Path.Combine(folder, "loop.json"), JsonSerializer.Serialize(result, Json));
        File.WriteAllText(Path.Combine(folder, "loop.html"), LoopPage.Of(result, language));
    }
}
