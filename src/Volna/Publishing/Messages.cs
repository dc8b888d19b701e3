using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Volna.Intake.Catalog;
using Volna.Publishing.Mail;

namespace Volna.Publishing;

/// <summary>Everything that goes out to one customer; null where a channel doesn't reach her.</summary>
/// <param name="States">For each channel of the plan, in the order of <see cref="Composer.Channels"/>.</param>
sealed record Messages(Card Card, ChannelState[] States, string? CardJson, string? CardHtml, string? Letter, string? Print32, string? Print48);

/// <summary>Writes a customer's messages. Safe for any number of threads.</summary>
sealed class Composer(CardTemplates templates, Channels channels, Mailbox sender, DateTimeOffset date, byte[] secret)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The channels of the plan.</summary>
    public Channels[] Channels { get; } = [.. ((Channels[])[Intake.Catalog.Channels.App, Intake.Catalog.Channels.Email, Intake.Catalog.Channels.Print]).Where(channel => (channels & channel) != 0)];

    /// <param name="closed">Channels that the wave doesn't use for her.</param>
    public Messages Write(Contact contact, Card card, Channels closed = Intake.Catalog.Channels.None)
    {
        var states = Channels.Select(channel => ChannelStates.Of(contact, channel, closed)).ToArray();
        bool Reaches(Channels channel) => Array.IndexOf(Channels, channel) is >= 0 and var at && states[at] == ChannelState.Written;

        var app = Reaches(Intake.Catalog.Channels.App);
        var print = Reaches(Intake.Catalog.Channels.Print);
        return new Messages(
            card,
            states,
            app ? JsonSerializer.Serialize(card, Json) : null,
            app ? templates.CardHtml(card) : null,
            Reaches(Intake.Catalog.Channels.Email) ? Letter(contact, card) : null,
            print ? PrintedOffers.Render(card, PrintedOffers.Narrow) : null,
            print ? PrintedOffers.Render(card, PrintedOffers.Wide) : null);
    }

    string Letter(Contact contact, Card card)
    {
        var language = Languages.OfCode(card.Language);
        var (heading, until) = (CardWords.Heading(card.FirstName, card.Offers.Count).In(language), CardWords.Until(card.Until).In(language));
        return new Letter(
            Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"letter|{card.Wave}|{card.Customer}")).AsSpan(0, 16)),
            sender, new Mailbox($"{card.FirstName} {card.LastName}".Trim(), contact.Email), $"{heading} {until}", date, card.Language,
            templates.LetterText(card), templates.LetterHtml(card)).Write();
    }
}
