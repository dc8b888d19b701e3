using System.Globalization;
using System.Text;

namespace Volna.Publishing.Mail;

/// <summary>A letter with a text and an HTML part, written as RFC 5322 and RFC 2045-2047 want it: ASCII, lines of at most 76 characters, CRLF.</summary>
/// <param name="Id">Left part of the Message-ID; the same letter has the same id whenever it is written.</param>
public sealed record Letter(string Id, Mailbox From, Mailbox To, string Subject, DateTimeOffset Date, string Language, string Text, string Html)
{
    public string Write()
    {
        // Can't stand in a part, because base 64 has no such symbols.
        var boundary = $"=_{Id}";
        return new StringBuilder()
            .Append("Date: ").Append(Date.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture)).Append(Date.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal)).Append("\r\n")
            .Append("From: ").Append(From.InHeader).Append("\r\n")
            .Append("To: ").Append(To.InHeader).Append("\r\n")
            .Append("Message-ID: <").Append(Id).Append('@').Append(From.Domain).Append(">\r\n")
            .Append("Subject: ").Append(EncodedWords.Of(Subject)).Append("\r\n")
            .Append("Content-Language: ").Append(Language).Append("\r\n")
            .Append("MIME-Version: 1.0\r\n")
            .Append("Content-Type: multipart/alternative; boundary=\"").Append(boundary).Append("\"\r\n\r\n")
            .Part(boundary, "text/plain", Text)
            .Part(boundary, "text/html", Html)
            .Append("--").Append(boundary).Append("--\r\n")
            .ToString();
    }
}

static class LetterParts
{
    public static StringBuilder Part(this StringBuilder letter, string boundary, string type, string content)
    {
        // Text in mail has CRLF line ends also inside of an encoding (RFC 2049, 4).
        var lines = content.ReplaceLineEndings("\r\n");
        return letter
            .Append("--").Append(boundary).Append("\r\nContent-Type: ").Append(type).Append("; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
            .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(lines), Base64FormattingOptions.InsertLineBreaks)).Append("\r\n");
    }
}
