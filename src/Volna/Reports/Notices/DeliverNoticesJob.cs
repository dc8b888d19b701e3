using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using Volna.Publishing.Mail;

namespace Volna.Reports.Notices;

/// <summary>Delivers what is due: letters into <c>outbox/notices</c>, from where the mail system takes them as it takes those of waves; webhooks over HTTP.</summary>
public static class DeliverNoticesJob
{
    static readonly Mailbox Sender = new("Volna", "volna@volna.invalid");

    /// <param name="http">Gives up an attempt after its own timeout.</param>
    /// <returns>How many were delivered, and how many will be tried again or were given up.</returns>
    public static async Task<(int Delivered, int Failed)> Deliver(DataFolder folder, StateStore state, HttpClient http, TimeProvider time, CancellationToken stop)
    {
        var notices = new NoticeStore(state);
        var (delivered, failed) = (0, 0);
        foreach (var (notice, target, attempts) in notices.Due(time.GetUtcNow()))
        {
            var failure = target.Secret is { } secret ? await Post(http, notice, target.Address, secret, time.GetUtcNow(), stop) : Put(folder, notice, target.Address);
            if (failure is null)
            {
                notices.Delivered(notice.Id, target.Address, time.GetUtcNow());
                delivered++;
            }
            else
            {
                notices.Failed(notice.Id, target.Address, failure, attempts < Webhook.Waits.Count ? time.GetUtcNow() + Webhook.Waits[attempts] : null);
                failed++;
            }
        }

        return (delivered, failed);
    }

    /// <returns>What went wrong; null where the receiver took it.</returns>
    static async Task<string?> Post(HttpClient http, Notice notice, string address, string secret, DateTimeOffset now, CancellationToken stop)
    {
        var body = notice.Payload;
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        foreach (var (name, value) in Webhook.Headers(notice.Id, now, body, secret)) request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var answer = await http.SendAsync(request, stop);
            return answer.IsSuccessStatusCode ? null : $"HTTP {(int)answer.StatusCode}";
        }
        catch (HttpRequestException lost)
        {
            return lost.Message;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return "no answer in time";
        }
    }

    static string? Put(DataFolder folder, Notice notice, string address)
    {
        var text = $"{notice.Body.English}\n\n{notice.Body.Russian}\n";
        var html = $"<p>{Page.Html.Of(notice.Body.English)}</p><p lang=\"ru\">{Page.Html.Of(notice.Body.Russian)}</p>";
        var letter = new Letter(notice.Id["msg_".Length..], Sender, new Mailbox("", address), $"{notice.Subject.English} / {notice.Subject.Russian}", notice.At, "en, ru", text, html);
        try
        {
            ReportStore.Write($"{folder.Outbox}/notices/{notice.Id}-{Convert.ToHexStringLower(BitConverter.GetBytes(Kernels.Hash64.Of(address)))}.eml", letter.Write());
            return null;
        }
        catch (IOException full)
        {
            return full.Message;
        }
    }
}
