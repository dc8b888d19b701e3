using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Volna.Reports.Notices;

/// <summary>
/// Webhooks as the Standard Webhooks specification 1.0 wants them: id, time and signature in headers, so that a receiver knows who sent it, that it is
/// fresh, and a repetition when it sees one.
/// </summary>
public static class Webhook
{
    const string SecretPrefix = "whsec_";

    /// <summary>How long to wait before each further attempt, as the specification advises; then it is given up.</summary>
    public static readonly IReadOnlyList<TimeSpan> Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14),
        TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>A secret of 32 bytes as receivers are given it.</summary>
    public static string SecretOf(ReadOnlySpan<byte> bytes) => SecretPrefix + Convert.ToBase64String(bytes);

    /// <summary>The headers of one attempt; each has the time of its own, so that an old one can't be played again.</summary>
    public static IReadOnlyList<(string Name, string Value)> Headers(string id, DateTimeOffset at, string body, string secret)
    {
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Convert.FromBase64String(secret[SecretPrefix.Length..]), Encoding.UTF8.GetBytes($"{id}.{seconds}.{body}"));
        return [("webhook-id", id), ("webhook-timestamp", seconds), ("webhook-signature", "v1," + Convert.ToBase64String(signature))];
    }
}
