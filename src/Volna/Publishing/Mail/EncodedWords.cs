using System.Text;

namespace Volna.Publishing.Mail;

/// <summary>Text in a header: as it is where it is plain ASCII, else as encoded words of RFC 2047 (UTF-8, base 64), folded so that no line is long.</summary>
static class EncodedWords
{
    // A line with encoded words has at most 76 characters: "Subject: " takes 9, =?utf-8?B??= 12, and of 39 bytes of text 52 symbols are made.
    const int MostBytes = 39;

    public static string Of(string text)
    {
        if (text.Length <= 60 && text.All(symbol => symbol is >= ' ' and <= '~') && !text.Contains("=?", StringComparison.Ordinal)) return text;

        var words = new StringBuilder();
        var word = new List<byte>();
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            // A control character has no place in a header, least of all a line break.
            var length = (Rune.IsControl(rune) ? new Rune(' ') : rune).EncodeToUtf8(bytes);
            if (word.Count + length > MostBytes) End();
            word.AddRange(bytes[..length]);
        }

        End();
        return words.ToString();

        void End()
        {
            if (words.Length > 0) words.Append("\r\n ");
            words.Append("=?utf-8?B?").Append(Convert.ToBase64String([.. word])).Append("?=");
            word.Clear();
        }
    }
}
