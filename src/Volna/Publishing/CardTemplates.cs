using HandlebarsDotNet;

namespace Volna.Publishing;

/// <summary>
/// Fills the templates with a card. The templates are logic-less and escape what they insert, so a name can't become markup. Safe for any number
/// of threads.
/// </summary>
public sealed class CardTemplates
{
    readonly HandlebarsTemplate<object, object> _card, _page, _letter, _letterText;

    /// <param name="template">Gives the text of a template by its file name.</param>
    public CardTemplates(Func<string, string> template)
    {
        var html = Handlebars.Create(new HandlebarsConfiguration { ThrowOnUnresolvedBindingExpression = true });
        var text = Handlebars.Create(new HandlebarsConfiguration { ThrowOnUnresolvedBindingExpression = true, NoEscape = true });
        _card = html.Compile(template("app-card.hbs"));
        _page = html.Compile(template("app-page.hbs"));
        _letter = html.Compile(template("email.html.hbs"));
        _letterText = text.Compile(template("email.text.hbs"));
    }

    /// <summary>The card as a piece of a page, for an app's own style.</summary>
    public string CardHtml(Card card) => _card(new View(card));

    /// <summary>The card as a whole page.</summary>
    public string PageHtml(Card card) => _page(new { Language = card.Language, Title = new View(card).Heading, Card = CardHtml(card) });

    public string LetterHtml(Card card) => _letter(new View(card));

    public string LetterText(Card card) => _letterText(new View(card));

    /// <summary>What the templates can insert.</summary>
    sealed class View(Card card)
    {
        readonly Language _language = Languages.OfCode(card.Language);

        public string Language => card.Language;
        public string FirstName => card.FirstName;
        public string Heading => CardWords.Heading(card.FirstName, card.Offers.Count).In(_language);
        public string Until => CardWords.Until(card.Until).In(_language);
        public string HowTo => CardWords.HowTo.In(_language);
        public string WhyThisLetter => CardWords.WhyThisLetter.In(_language);
        public IEnumerable<OfferView> Offers => card.Offers.Select(offer => new OfferView(offer, _language));
    }

    sealed class OfferView(CardOffer offer, Language language)
    {
        public string Deal => offer.Deal;
        public string Name => offer.Name;
        public string Category => offer.Category;
        public string Goal => offer.Goal;
        public string Reason => offer.Reason;
        public bool HasPrice => offer.RegularPriceMinor > 0 && offer.PriceMinor < offer.RegularPriceMinor;
        public string RegularPrice => new Money(offer.RegularPriceMinor).ToString(language);
        public string Price => new Money(offer.PriceMinor).ToString(language);
        public string CodeWord => CardWords.Code.In(language);
        public string Code => $"{offer.Code[..5]}-{offer.Code[5..]}";
        public string PlainCode => offer.Code;
    }
}
