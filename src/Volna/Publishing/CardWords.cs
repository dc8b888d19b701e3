namespace Volna.Publishing;

/// <summary>The words around the offers, alike in all channels.</summary>
static class CardWords
{
    static readonly string[] EnglishMonths = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    static readonly string[] RussianMonths = ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"];

    /// <summary>Such as "2 December", in Russian "2 декабря".</summary>
    public static string Day(DateOnly day, Language language) => $"{day.Day} {(language == Language.Russian ? RussianMonths : EnglishMonths)[day.Month - 1]}";

    /// <summary>Such as "Anna, 5 offers for you".</summary>
    public static Text Heading(string firstName, int offers)
    {
        var (english, russian) = ($"{offers} {(offers == 1 ? "offer" : "offers")} for you", $"{offers} {Languages.Plural(offers, "предложение", "предложения", "предложений")} для вас");
        return firstName.Length == 0 ? new Text(english, russian) : new Text($"{firstName}, {english}", $"{firstName}, {russian}");
    }

    public static Text Until(DateOnly day) => new($"until {Day(day, Language.English)}", $"до {Day(day, Language.Russian)} включительно");

    public static Text HowTo => new("Show your card at the checkout: the offers work by themselves, each of them once.", "Предъявите карту на кассе — предложения сработают сами, каждое один раз.");

    public static Text WhyThisLetter => new("You get this letter because you agreed to receive offers by e-mail.", "Вы получили это письмо, потому что согласились получать предложения по электронной почте.");

    public static Text Code => new("Code", "Код");
}
