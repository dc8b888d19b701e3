namespace Volna.Publishing;

/// <summary>The offers of a live wave can't be read now. Callers learn no more than that; what is wrong with the file is told to those who serve them.</summary>
public sealed class OffersUnavailableException(string wave, BadInputException why) : Exception(why.Message, why)
{
    public const string Code = "offers-unavailable";

    /// <summary>For callers.</summary>
    public Text Sentence { get; } = new(
        $"the offers of wave {wave} can't be read now; nothing was done, ask again in some seconds.",
        $"предложения волны {wave} сейчас не читаются; ничего не сделано, повторите через несколько секунд.");

    /// <summary>Names the file and what is wrong with it.</summary>
    public Text Why => why.Sentence;
}
