using System.IO;
using System.Reflection;

namespace Volna.Publishing;

/// <summary>The templates that come with the program.</summary>
public static class TemplateStore
{
    public static CardTemplates Load() => new(name =>
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"Volna.Publishing.Templates.{name}")
            ?? throw new InvalidOperationException($"The template {name} isn't built in."));
        return reader.ReadToEnd();
    });
}
