using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Volna.Redemptions.Access;

/// <summary>Asks every call for its key, before anything else is done with it.</summary>
public static class AccessEndpoints
{
    /// <param name="beyondThisMachine">
    /// True if others than this machine can connect: then all but /health needs a key. Else /till, /app and /plans need one from the moment on at which
    /// the first key was made, so that a first try needs none.
    /// </param>
    public static void UseAccessKeys(this IApplicationBuilder app, AccessKeyStore store, TimeProvider time, bool beyondThisMachine) => app.Use((context, next) =>
    {
        var use = UseOf(context.Request.Path);
        var keys = store.Now();
        if (use is null || !(beyondThisMachine || (keys.Any && use is AccessUses.Till or AccessUses.App or AccessUses.Plans))) return next(context);

        var secret = Secret(context.Request);
        if (secret.IsEmpty) return Refuse(context, StatusCodes.Status401Unauthorized, "key-missing", "the call needs a key: Authorization: Bearer volna_...", "запросу нужен ключ: Authorization: Bearer volna_...");
        if (!AccessKey.IsWellFormed(secret)) return Refuse(context, StatusCodes.Status401Unauthorized, "key-malformed", "this isn't a whole key of Volna: a character is missing or wrong", "это не целый ключ Volna: не хватает символа или он неверен");
        if (keys.Find(secret) is not var (key, pace)) return Refuse(context, StatusCodes.Status401Unauthorized, "key-unknown", "there is no such key here", "такого ключа здесь нет");

        var now = time.GetUtcNow();
        if (!key.IsValid(now)) return Refuse(context, StatusCodes.Status401Unauthorized, "key-expired", $"key {key.Id} counts no longer; get a new one", $"ключ {key.Id} больше не действует; получите новый");
        if ((key.Uses & use) != use) return Refuse(context, StatusCodes.Status403Forbidden, "key-not-for-this", $"key {key.Id} isn't for this part of the API", $"ключ {key.Id} не для этой части API");
        var wait = pace.Take(now);
        if (wait > TimeSpan.Zero)
        {
            context.Response.Headers.RetryAfter = RetryAfter(wait);
            return Refuse(context, StatusCodes.Status429TooManyRequests, "calls-too-many", $"key {key.Id} may make {key.CallsPerSecond} calls a second", $"ключу {key.Id} разрешено {key.CallsPerSecond} запросов в секунду");
        }

        context.Features.Set(key);
        return next(context);
    });

    /// <summary>Refuses a call that is about a store for which the caller's key doesn't count.</summary>
    /// <exception cref="GuardException">Code <c>key-of-other-store</c>.</exception>
    internal static void CheckStore(HttpContext context, string store)
    {
        if (context.Features.Get<AccessKey>() is { } key && !key.IsFor(store))
            throw new GuardException("key-of-other-store", new Text(
                $"key {key.Id} isn't for store “{store}”.", $"ключ {key.Id} не для магазина «{store}»."));
    }

    /// <summary>Whole seconds, rounded up.</summary>
    internal static string RetryAfter(TimeSpan wait) => Math.Max(1, (wait.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Null where no key is ever needed.</summary>
    static AccessUses? UseOf(PathString path) =>
        path.StartsWithSegments("/till") ? AccessUses.Till
        : path.StartsWithSegments("/app") ? AccessUses.App
        : path.StartsWithSegments("/plans") ? AccessUses.Plans
        : path.StartsWithSegments("/health") ? null
        : path.StartsWithSegments("/openapi") ? AccessUses.None
        : AccessUses.Console;

    /// <summary>From <c>Authorization: Bearer</c>; or, because browsers ask for that, the password of <c>Authorization: Basic</c>, whatever the user name.</summary>
    static ReadOnlySpan<char> Secret(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString().AsSpan();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return header[7..].Trim();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return default;
        Span<byte> bytes = stackalloc byte[256];
        if (!Convert.TryFromBase64Chars(header[6..].Trim(), bytes, out var length)) return default;
        var pair = Encoding.ASCII.GetString(bytes[..length]);
        return pair.AsSpan(pair.IndexOf(':', StringComparison.Ordinal) + 1);
    }

    static Task Refuse(HttpContext context, int status, string code, string english, string russian)
    {
        if (status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = UseOf(context.Request.Path) == AccessUses.Console ? "Basic realm=\"Volna\", charset=\"UTF-8\"" : "Bearer";
        return TillEndpoints.Problem(status, code, new Text(english + ".", russian + "."), TillEndpoints.Language(context.Request)).ExecuteAsync(context);
    }
}
