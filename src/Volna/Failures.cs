namespace Volna;

/// <summary>
/// What a person gave can't be used: a missing file, a wrong column, a plan with an unknown segment. The program says one sentence and ends with
/// exit code 2 (over HTTP: 400); nothing was changed. Mistakes of our own are other exceptions and are never caught to go on.
/// </summary>
/// <param name="code">Stable, such as <c>file-missing</c>; for programs.</param>
/// <param name="sentence">Names the file and place, what was found and what was expected.</param>
public sealed class BadInputException(string code, Text sentence) : Exception(sentence.English)
{
    public string Code { get; } = code;

    public Text Sentence { get; } = sentence;
}

/// <summary>A rule that protects people or money says no: one's own wave to approve, a corridor broken. Exit code 3 (over HTTP: 409).</summary>
/// <inheritdoc cref="BadInputException"/>
public sealed class GuardException(string code, Text sentence) : Exception(sentence.English)
{
    public string Code { get; } = code;

    public Text Sentence { get; } = sentence;
}
