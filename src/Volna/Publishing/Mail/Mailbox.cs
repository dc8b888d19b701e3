namespace Volna.Publishing.Mail;

/// <summary>Who sends or gets a letter.</summary>
/// <param name="Name">Shown beside the address; may be empty.</param>
/// <param name="Address">Such as <c>anna@example.org</c>.</param>
public sealed record Mailbox(string Name, string Address)
{
    public string Domain => Address[(Address.LastIndexOf('@') + 1)..];

    /// <summary>
    /// True if a letter can be sent there: the dot-atom form of RFC 5322, 3.4.1, in ASCII with a domain of at least two labels. Rarer forms (quoted
    /// local parts, addresses in brackets, international ones) are taken for mistakes.
    /// </summary>
    public static bool IsUsable(string address)
    {
        var at = address.IndexOf('@');
        if (address.Length > 254 || at is < 1 or > 64) return false;
        var domain = address[(at + 1)..].Split('.');
        return address[..at].Split('.').All(atom => atom.Length > 0 && atom.All(IsAtomText))
            && domain.Length >= 2
            && domain.All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol == '-'));
    }

    /// <summary>As it stands in a header.</summary>
    internal string InHeader => Name.Length == 0 ? Address : $"{Phrase(Name)}\r\n <{Address}>";

    static string Phrase(string name)
    {
        var encoded = EncodedWords.Of(name);
        // In plain text, characters such as a comma would end the name; in quotes they don't.
        return encoded == name ? $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : encoded;
    }

    static bool IsAtomText(char symbol) => char.IsAsciiLetterOrDigit(symbol) || "!#$%&'*+-/=?^_`{|}~".Contains(symbol, StringComparison.Ordinal);
}
