using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Volna.Reports.Notices;

/// <summary>What people and programs are told once, by mail and webhook.</summary>
/// <param name="Id">Derived from what it says: the same is told once, and a receiver knows a repetition by it.</param>
/// <param name="Kind">Such as <c>corridor.breached</c> or <c>report.ready</c>.</param>
/// <param name="Data">JSON, for programs.</param>
public sealed record Notice(string Id, string Kind, DateTimeOffset At, string Wave, Text Subject, Text Body, string Data)
{
    /// <param name="about">Tells it from other notices of its kind and wave.</param>
    public static string IdOf(string kind, string wave, string about) =>
        "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}|{wave}|{about}")).AsSpan(0, 12));

    /// <summary>The body that a webhook sends.</summary>
    public string Payload =>
        $$"""{"type":"{{Kind}}","timestamp":"{{At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}}","data":{{Data}}}""";
}

/// <summary>Who wants to be told.</summary>
/// <param name="Address">A mail address, or where a webhook is sent to.</param>
/// <param name="Secret">Of a webhook; null for mail.</param>
public sealed record NoticeTarget(string Address, string? Secret);
