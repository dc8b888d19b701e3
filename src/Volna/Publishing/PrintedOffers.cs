using System.Text;

namespace Volna.Publishing;

/// <summary>The offers as the till prints them below a receipt: plain text of a fixed width.</summary>
public static class PrintedOffers
{
    /// <summary>The widths of common receipt printers: 57 mm and 80 mm paper.</summary>
    public const int Narrow = 32, Wide = 48;

    /// <summary>Lines of at most <paramref name="columns"/> characters, each ended by a line feed.</summary>
    public static string Render(Card card, int columns)
    {
        var language = Languages.OfCode(card.Language);
        var text = new StringBuilder();
        void Centred(string line) => text.Append(' ', (columns - line.Length) / 2).Append(line).Append('\n');
        void Rule(char symbol) => text.Append(symbol, columns).Append('\n');

        Rule('=');
        foreach (var line in Wrap(CardWords.Heading(card.FirstName, card.Offers.Count).In(language), columns)) Centred(line);
        foreach (var line in Wrap(CardWords.Until(card.Until).In(language), columns)) Centred(line);
        Rule('=');
        foreach (var offer in card.Offers)
        {
            // A minus and spaces that every printer's code page has.
            var deal = Printable(offer.Deal);
            var name = Wrap(Printable(offer.Name), columns - deal.Length - 1);
            for (var i = 0; i < name.Count; i++)
                text.Append(i == 0 ? name[0].PadRight(columns - deal.Length) + deal : name[i]).Append('\n');
            if (offer.RegularPriceMinor > offer.PriceMinor)
                foreach (var line in Wrap(Printable($"{new Money(offer.RegularPriceMinor).ToString(language)} -> {new Money(offer.PriceMinor).ToString(language)}"), columns)) text.Append(line.PadLeft(columns)).Append('\n');
            foreach (var line in Wrap(Printable(offer.Reason), columns)) text.Append(line).Append('\n');
            text.Append($"{CardWords.Code.In(language)}: {offer.Code[..5]}-{offer.Code[5..]}").Append('\n');
            Rule('-');
        }

        foreach (var line in Wrap(Printable(CardWords.HowTo.In(language)), columns)) text.Append(line).Append('\n');
        return text.ToString();
    }

    static string Printable(string text) => text.Replace('−', '-').Replace('—', '-').Replace('\u00A0', ' ');

    /// <summary>Lines of at most <paramref name="width"/> characters, broken between words; a longer word is cut.</summary>
    internal static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (var whole in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var word = whole;
            if (line.Length > 0 && line.Length + 1 + word.Length > width) End();
            for (; word.Length > width; word = word[width..])
            {
                line.Append(word[..width]);
                End();
            }

            if (line.Length > 0) line.Append(' ');
            line.Append(word);
        }

        if (line.Length > 0) End();
        return lines;

        void End()
        {
            lines.Add(line.ToString());
            line.Clear();
        }
    }
}
