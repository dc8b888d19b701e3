using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Volna.Redemptions.Access;

/// <summary>
/// Refuses calls at once where more than so many are in hand: whoever is let in is answered soon, the others soon know that they have to wait. Without
/// it all would wait for ever longer, and tills would give up just before their answer came.
/// </summary>
public static class OverloadEndpoints
{
    // Made once: under overload a refusal has to cost next to nothing.
    static readonly byte[] Body =
        """{"type":"urn:volna:problem:overloaded","title":"overloaded","status":503,"detail":"too many calls at once; nothing was done, ask again in a second. / слишком много запросов сразу; ничего не сделано, повторите через секунду.","code":"overloaded"}"""u8.ToArray();

    // Who asks again at once on the same connection is heard only then; else refusing the impatient would take the time of those let in.
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="mostAtOnce">Calls in hand.</param>
    public static void UseOverload(this IApplicationBuilder app, int mostAtOnce)
    {
        var inHand = 0;
        app.Use((context, next) =>
        {
            if (Interlocked.Increment(ref inHand) > mostAtOnce)
            {
                Interlocked.Decrement(ref inHand);
                return Refuse(context);
            }

            Task call;
            try
            {
                call = next(context);
            }
            catch
            {
                Interlocked.Decrement(ref inHand);
                throw;
            }

            if (!call.IsCompletedSuccessfully) return Awaited(call);
            Interlocked.Decrement(ref inHand);
            return call;
        });

        async Task Awaited(Task call)
        {
            try
            {
                await call;
            }
            finally
            {
                Interlocked.Decrement(ref inHand);
            }
        }
    }

    static async Task Refuse(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = "1";
        response.ContentType = "application/problem+json";
        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body);
        await response.CompleteAsync();
        await Task.Delay(Pause, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
