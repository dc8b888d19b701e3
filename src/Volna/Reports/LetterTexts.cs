using Volna.Intake.Letters;

namespace Volna.Reports;

/// <summary>What became of a wave's letters, in words.</summary>
public static class LetterTexts
{
    public static readonly Text Machines = new(
        "What happens in the minute of the delivery or in the next counts as a machine's: scanners and the privacy protection of mail programs fetch letters as they arrive. Machines that come later count as people, so openings say more of mail programs than of customers; the effect is reckoned without them.",
        "Открытие в минуту доставки или в следующую считается программой: так письма читают антивирусы и защита приватности почтовых программ. Программы, пришедшие позже, считаются людьми, так что открытия говорят больше о почтовых программах, чем о покупателях; эффект считается без них.");

    public static Text Sentence(this LetterFigures letters) => new(Sentence(letters, Language.English), Sentence(letters, Language.Russian));

    static string Sentence(LetterFigures letters, Language language)
    {
        string Count(long count) => FigureText.Count(count, language);
        // Letters are opened of which no delivery was told. Where none is told at all, or letters came back and were opened, no share can be told.
        var arrived = letters.Delivered == 0 ? 0 : letters.Reported - letters.Bounced;
        string Share(long count) => arrived == 0 || count > arrived ? Count(count) : $"{Count(count)} ({FigureText.Percent((double)count / arrived, language)})";
        return language == Language.Russian
            ? $"Письма, о которых сообщил сервис рассылок: {Count(letters.Reported)}; доставлено {Count(letters.Delivered)}, вернулось {Count(letters.Bounced)}. Из невернувшихся, насколько можно судить: открыто людьми {Share(letters.Opened)}, только программами {Share(letters.OpenedByMachines)}; ссылки открыты людьми {Share(letters.Clicked)}, только программами {Share(letters.ClickedByMachines)}. Отписались {Count(letters.Unsubscribed)}, пожаловались {Count(letters.Complained)}."
            : $"Letters that the mailing service reported on: {Count(letters.Reported)}; delivered {Count(letters.Delivered)}, bounced {Count(letters.Bounced)}. Of those that didn't come back, as far as can be told: opened by people {Share(letters.Opened)}, by machines alone {Share(letters.OpenedByMachines)}; clicked by people {Share(letters.Clicked)}, by machines alone {Share(letters.ClickedByMachines)}. Unsubscribed {Count(letters.Unsubscribed)}, called spam {Count(letters.Complained)}.";
    }
}
