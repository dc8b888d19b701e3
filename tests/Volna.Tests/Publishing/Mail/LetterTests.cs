using System.Text;
using System.Text.RegularExpressions;
using Volna.Publishing.Mail;

namespace Volna.Tests.Publishing.Mail;

/// <summary>Letters are read back by a small parser of our own here, which knows nothing of how they were written.</summary>
public sealed class LetterTests
{
    static readonly Mailbox Shop = new("Магазин «Волна»", "offers@shop.example");

    [Theory]
    [InlineData("Anna Smith", "Anna, 5 offers for you until 2 December")]
    [InlineData("Анна Ёлкина-Рождественская-Преображенская", "Анна, 5 предложений для вас до 2 декабря включительно")]
    [InlineData("O'Brien, \"Pat\" \\ Jr.", "a, b; c <d> \"e\" \\ f")]
    [InlineData("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀", "=?utf-8?B?AAAA?=")]
    [InlineData("", "")]
    public void What_was_written_is_read_back(string name, string subject)
    {
        var (headers, parts) = Read(Write(name, subject, "Текст\nв две строки", "<p>Анна &amp; Ко</p>"));
        Assert.Equal(subject, headers["Subject"]);
        Assert.Equal(name.Length == 0 ? "anna@example.org" : $"{name} <anna@example.org>", headers["To"]);
        Assert.Equal("Магазин «Волна» <offers@shop.example>", headers["From"]);
        Assert.Equal("Fri, 27 Nov 2026 12:00:00 +0300", headers["Date"]);
        Assert.Equal("<abc@shop.example>", headers["Message-ID"]);
        Assert.Equal("1.0", headers["MIME-Version"]);
        Assert.Equal([("text/plain; charset=utf-8", "Текст\r\nв две строки"), ("text/html; charset=utf-8", "<p>Анна &amp; Ко</p>")], parts);
    }

    [Fact]
    public void Lines_are_ascii_and_short_and_end_with_crlf()
    {
        var letter = Write(new string('Ж', 300), new string('Ы', 300), new string('x', 5_000), new string('я', 5_000));
        Assert.All(letter, symbol => Assert.InRange(symbol, '\n', '~'));
        Assert.DoesNotContain('\n', letter.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.All(letter.Split("\r\n"), line => Assert.InRange(line.Length, 0, 76));
    }

    [Theory]
    [InlineData("Anna\r\nBcc: all@example.org")]
    [InlineData("Anna\nBcc: all@example.org")]
    [InlineData("Anna\rBcc: all@example.org")]
    [InlineData("Anna\0\u0085\u2028Bcc: all@example.org")]
    [InlineData("Анна\r\n\r\n<script>")]
    public void A_name_cant_bring_a_header_of_its_own(string name)
    {
        var (headers, _) = Read(Write(name, name, "t", "h"));
        Assert.Equal(["Content-Language", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"], headers.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("anna@example.org", true)]
    [InlineData("anna.smith+shop@mail.example.co.uk", true)]
    [InlineData("a@b.c", true)]
    [InlineData("", false)]
    [InlineData("anna", false)]
    [InlineData("@example.org", false)]
    [InlineData("anna@", false)]
    [InlineData("anna@localhost", false)]
    [InlineData("anna@example..org", false)]
    [InlineData(".anna@example.org", false)]
    [InlineData("an na@example.org", false)]
    [InlineData("anna@exa mple.org", false)]
    [InlineData("anna@example.org\r\nBcc: b@example.org", false)]
    [InlineData("anna@example.org,b@example.org", false)]
    [InlineData("anna@-example.org", false)]
    [InlineData("анна@example.org", false)]
    [InlineData("a@b@example.org", false)]
    public void Only_an_address_that_can_be_written_to_is_usable(string address, bool usable) => Assert.Equal(usable, Mailbox.IsUsable(address));

    static string Write(string name, string subject, string text, string html) => new Letter(
        "abc", Shop, new Mailbox(name, "anna@example.org"), subject, new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.FromHours(3)), "ru", text, html).Write();

    static (Dictionary<string, string> Headers, List<(string Type, string Content)> Parts) Read(string letter)
    {
        var (head, body) = Split(letter);
        var headers = Headers(head);
        var boundary = Regex.Match(headers["Content-Type"], "boundary=\"(.+)\"").Groups[1].Value;
        var pieces = body.Split("--" + boundary);
        Assert.Equal("--\r\n", pieces[^1]);
        var parts = new List<(string, string)>();
        foreach (var piece in pieces[1..^1])
        {
            var (partHead, content) = Split(piece[2..]);
            Assert.Equal("base64", Headers(partHead)["Content-Transfer-Encoding"]);
            parts.Add((Headers(partHead)["Content-Type"], Encoding.UTF8.GetString(Convert.FromBase64String(content))));
        }

        return (headers, parts);
    }

    static (string Head, string Body) Split(string text) => (text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)], text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);

    static Dictionary<string, string> Headers(string head) =>
        // Folded lines belong together; between two encoded words the space doesn't count (RFC 2047, 6.2).
        head.Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n").Select(line => line.Split(": ", 2)).ToDictionary(
            pair => pair[0],
            pair => Regex.Replace(
                Regex.Replace(Regex.Replace(pair[1], "\"((?:[^\"\\\\]|\\\\.)*)\"(?= <)", match => Regex.Replace(match.Groups[1].Value, "\\\\(.)", "$1")), "\\?= =\\?utf-8\\?B\\?", "?==?utf-8?B?"),
                "=\\?utf-8\\?B\\?([^?]*)\\?=", match => Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups[1].Value))));
}
