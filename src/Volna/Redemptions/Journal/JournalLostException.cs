namespace Volna.Redemptions.Journal;

/// <summary>The link to the tills' journal broke: nobody knows here whether the last batch became durable, so the till stops. A repeat of a call learns it after a restart.</summary>
public sealed class JournalLostException(Text sentence, Exception cause) : Exception(sentence.English, cause)
{
    public Text Sentence { get; } = sentence;
}
