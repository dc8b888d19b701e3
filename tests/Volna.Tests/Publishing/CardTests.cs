using Volna.Intake.Catalog;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Publishing;

namespace Volna.Tests.Publishing;

public sealed class CardTests
{
    const string Hostile = "<script>alert(1)</script> & \"quoted\" 'single' {{Code}} =?utf-8?B?AA==?=";

    static readonly CardTemplates Templates = TemplateStore.Load();

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    public void A_hostile_name_is_shown_and_does_nothing(string language)
    {
        var card = Made(language, 3) with { FirstName = Hostile };
        card = card with { Offers = [.. card.Offers.Select(offer => offer with { Name = Hostile, Category = Hostile, Reason = Hostile })] };
        foreach (var html in (string[])[Templates.CardHtml(card), Templates.PageHtml(card), Templates.LetterHtml(card)])
        {
            Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; ", html, StringComparison.Ordinal);
            Assert.Contains("{{Code}}", html, StringComparison.Ordinal);
        }

        Assert.Contains(Hostile, Templates.LetterText(card), StringComparison.Ordinal);
    }

    [Fact]
    public void Cyrillic_stays_readable_in_the_html() => Assert.Contains("Хлеб №1 — «Бородинский»", Templates.CardHtml(Made("ru", 1)), StringComparison.Ordinal);

    [Theory]
    [InlineData("en", PrintedOffers.Narrow)]
    [InlineData("en", PrintedOffers.Wide)]
    [InlineData("ru", PrintedOffers.Narrow)]
    [InlineData("ru", PrintedOffers.Wide)]
    public void Nothing_printed_is_wider_than_the_paper(string language, int columns)
    {
        for (var length = 0; length < 120; length++)
        {
            var card = Made(language, 3) with { FirstName = new string('Щ', length) };
            card = card with { Offers = [.. card.Offers.Select(offer => offer with { Name = new string('ж', length) + " " + Hostile, RegularPriceMinor = 123_456_789_00, PriceMinor = 100_456_789_00 })] };
            var lines = PrintedOffers.Render(card, columns).TrimEnd('\n').Split('\n');
            Assert.All(lines, line => Assert.InRange(line.Length, 1, columns));
            foreach (var offer in card.Offers) Assert.Contains(lines, line => line.EndsWith($"{offer.Code[..5]}-{offer.Code[5..]}", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(1, "Анна, 1 предложение для вас")]
    [InlineData(3, "Анна, 3 предложения для вас")]
    [InlineData(5, "Анна, 5 предложений для вас")]
    [InlineData(11, "Анна, 11 предложений для вас")]
    [InlineData(21, "Анна, 21 предложение для вас")]
    public void Russian_counts_are_declined(int offers, string heading) => Assert.Contains(heading, Templates.LetterText(Made("ru", offers) with { FirstName = "Анна" }), StringComparison.Ordinal);

    [Fact]
    public void An_offer_on_the_whole_basket_tells_its_sum_in_each_channel()
    {
        var offer = Shop.Offer(1, 0, 0, 10, reason: CandidateReason.LargerBasket, price: 0) with { TargetKind = TargetKind.Basket, Slot = SlotKind.Basket, Mechanic = Mechanic.AmountOff, Amount = new Money(200_00), LeastTotal = new Money(1_500_00) };
        var contact = new Contact(new CustomerId(1), "anna", "Анна", "", "", "", null, Channels.All);
        foreach (var (language, name, goal, deal, printed) in ((Language, string, string, string, string)[])[
            (Language.English, "Your whole purchase, from 1,500", "For a bigger basket", "−200.00", "Your whole purchase,     -200.00\nfrom 1,500\nA little more than you usually"),
            (Language.Russian, "Вся покупка от\u00A01\u00A0500", "За большую покупку", "−200,00", "Вся покупка от 1 500     -200,00\nЧуть больше вашей обычной")])
        {
            var card = Card.Of(contact, language, "w", Shop.Week, [offer], new Catalog { Categories = [], Products = [], Stores = [] }, new byte[32]);
            Assert.Equal((name, goal, deal, "", 1_500_00), (card.Offers[0].Name, card.Offers[0].Goal, card.Offers[0].Deal, card.Offers[0].Product, card.Offers[0].FromMinor));
            Assert.Contains(printed, PrintedOffers.Render(card, PrintedOffers.Narrow), StringComparison.Ordinal);
            foreach (var text in (string[])[Templates.CardHtml(card), Templates.PageHtml(card), Templates.LetterHtml(card), Templates.LetterText(card)])
            {
                Assert.Contains(card.Offers[0].Name, System.Net.WebUtility.HtmlDecode(text), StringComparison.Ordinal);
                Assert.Contains(deal, System.Net.WebUtility.HtmlDecode(text), StringComparison.Ordinal);
                Assert.DoesNotContain("<s>", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Words_are_wrapped_between_and_cut_only_when_too_long() =>
        Assert.Equal(["ab cd", "efghi", "jk"], PrintedOffers.Wrap("ab cd efghijk", 5));

    static Card Made(string language, int offers) => new("1", "", "", language, "w", new DateOnly(2026, 11, 26), new DateOnly(2026, 12, 2),
        [.. Enumerable.Range(1, offers).Select(i => new CardOffer($"ABCDE0000{i % 10}", $"p{i}", $"Хлеб №{i} — «Бородинский»", "Хлеб", 1_250, 100_00, 87_50, "Goal", "Reason") { Deal = "−12.5%" })]);
}
