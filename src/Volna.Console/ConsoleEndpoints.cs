namespace Volna.Console;

/// <summary>The web console's pages.</summary>
public static class ConsoleEndpoints;
