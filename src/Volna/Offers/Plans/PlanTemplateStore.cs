using System.IO;
using System.Reflection;

namespace Volna.Offers.Plans;

/// <summary>A plan to start from, for a grocer: <c>samples/plan.json</c>, embedded.</summary>
public static class PlanTemplateStore
{
    public static string Text { get; } = Read();

    static string Read()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("Volna.Offers.Templates.plan.json")!);
        return reader.ReadToEnd().TrimEnd();
    }
}
