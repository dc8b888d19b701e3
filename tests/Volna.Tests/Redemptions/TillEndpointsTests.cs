using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Volna.Redemptions;

namespace Volna.Tests.Redemptions;

/// <summary>Over a real Kestrel on a free port.</summary>
public sealed class TillEndpointsTests : IAsyncLifetime
{
    const string Receipt =
        """{"id":"r1","store":"S","customer":"anna","time":"2026-11-26T01:20:00+03:00","lines":[{"id":"1","product":"milk","quantity":1,"unitPriceMinor":10000}]}""";

    readonly Shop _shop = new();
    Till _till = null!;
    WebApplication _app = null!;
    HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _shop.AddStore(1, "S");
        _shop.AddProduct(1, "milk", "Milk");
        _shop.AddPublishedWave("w", (1, "anna", [Shop.Offer(1, 0, 1, 20)]));
        _till = _shop.OpenTill();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(new EarlyMorning());
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.UseLookUps(_till);
        _app.MapTill(_till, _shop.State);
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        _till.Dispose();
        _shop.Dispose();
    }

    [Fact]
    public async Task A_receipt_is_priced_closed_and_repeated_byte_for_byte()
    {
        var (priced, price) = await Post("price", Receipt);
        var (closed, first) = await Post("close", Receipt);
        var (repeated, second) = await Post("close", Receipt.Replace(",", " , ", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK), (priced.StatusCode, closed.StatusCode, repeated.StatusCode));
        Assert.Equal("application/json", closed.Content.Headers.ContentType?.MediaType);
        Assert.Equal(first, second);
        Assert.Equal(price.Replace("open", "closed", StringComparison.Ordinal), first);
        Assert.Matches("""^\{"id":"r1","state":"closed","totalMinor":8000,"discountMinor":2000,"lines":\[\{"id":"1","totalMinor":8000,"discountMinor":2000,"offer":"[0-9A-Z]{10}","refusal":"none"\}\]\}$""", first);
        Assert.Single(new RedemptionStore(_shop.State).OfWave("w"));
    }

    [Fact]
    public async Task Another_receipt_under_the_same_id_is_a_problem_in_the_callers_language()
    {
        await Post("close", Receipt);
        var other = Receipt.Replace("10000", "10001", StringComparison.Ordinal);
        var (response, body) = await Post("close", other, "ru-RU,ru;q=0.9,en;q=0.5");
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(("receipt-differs", 422, "urn:volna:problem:receipt-differs"), (problem.GetProperty("code").GetString(), problem.GetProperty("status").GetInt32(), problem.GetProperty("type").GetString()));
        Assert.Contains("уже закрыт", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("closed before", (await Post("close", other, "fr, en;q=0.3, ru;q=0.1")).Body, StringComparison.Ordinal);
        Assert.Contains("closed before", (await Post("close", other, null)).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 400, "json-invalid")]
    [InlineData("{\"id\":", 400, "json-invalid")]
    [InlineData("\u0000\u0001\u0002", 400, "json-invalid")]
    [InlineData("""{"id":"r","time":"2026-11-26T01:20:00+03:00","lines":[]}""", 400, "receipt-empty")]
    [InlineData("""{"id":"r","time":"2026-11-26T01:20:00+03:00","lines":[{"id":"1","product":"milk","quantity":-1,"unitPriceMinor":1}]}""", 400, "line-quantity")]
    public async Task A_bad_body_is_named_and_has_no_effect(string body, int status, string code)
    {
        foreach (var call in (string[])["price", "close"])
        {
            var (response, problem) = await Post(call, body);
            Assert.Equal((status, code), ((int)response.StatusCode, JsonDocument.Parse(problem).RootElement.GetProperty("code").GetString()));
        }

        Assert.Empty(new RedemptionStore(_shop.State).OfWave("w"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ten_megabytes_are_refused_also_when_their_length_isnt_told(bool lengthTold)
    {
        using var content = new ByteArrayContent(new byte[10_000_000]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/till/v1/receipts/close") { Content = content };
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.ExpectContinue = true;
        if (!lengthTold) request.Headers.TransferEncodingChunked = true;
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("body-too-large", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_customers_offers_and_the_words_for_refusals_can_be_asked()
    {
        var offers = JsonDocument.Parse(await _client.GetStringAsync(new Uri("/till/v1/customers/anna/offers?store=S&time=2026-11-27T12:00:00%2B03:00", UriKind.Relative), TestContext.Current.CancellationToken)).RootElement;
        Assert.True(offers.GetProperty("known").GetBoolean());
        var offer = Assert.Single(offers.GetProperty("offers").EnumerateArray());
        Assert.Equal(("milk", 20m, "2026-12-02", false), (offer.GetProperty("product").GetString(), offer.GetProperty("percent").GetDecimal(), offer.GetProperty("until").GetString(), offer.GetProperty("used").GetBoolean()));

        _client.DefaultRequestHeaders.AcceptLanguage.Add(new StringWithQualityHeaderValue("ru"));
        var refusals = await _client.GetStringAsync(new Uri("/till/v1/refusals", UriKind.Relative), TestContext.Current.CancellationToken);
        foreach (var refusal in Enum.GetValues<TillRefusal>()) Assert.Contains($"\"{refusal.Code()}\"", refusals, StringComparison.Ordinal);
        Assert.Contains(TillRefusal.OfferUsed.Sentence().Russian, JsonDocument.Parse(refusals).RootElement.EnumerateArray().Select(refusal => refusal.GetProperty("text").GetString()));
    }

    // The plain spelling is answered before routing, the other ones by the endpoint.
    [Theory]
    [InlineData("anna")]
    [InlineData("nobody")]
    [InlineData("a%20n%2Fn%26a")]
    public async Task A_look_up_is_answered_alike_however_it_is_spelled(string customer)
    {
        var plain = await _client.GetStringAsync(new Uri($"/till/v1/customers/{customer}/offers?store=S", UriKind.Relative), TestContext.Current.CancellationToken);
        foreach (var spelled in (string[])[$"/till/v1/customers/{customer}/offers?store=%53", $"/till/v1/customers/{customer}/offers?store=S&x=1", $"/till/v1/customers/{customer}/offers/?store=S", $"/TILL/v1/customers/{customer}/offers?store=S"])
            Assert.Equal(plain, await _client.GetStringAsync(new Uri(spelled, UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Offers_are_written_as_the_message_that_is_described()
    {
        var offers = _till.Offers("anna", "S", Shop.Now);
        var message = JsonSerializer.Deserialize<CustomerOffersMessage>(TillMessages.Write(offers), JsonSerializerOptions.Web)!;
        var (written, offer) = (Assert.Single(message.Offers), Assert.Single(offers.Offers));
        Assert.Equal(("anna", true, offers.Day), (message.Customer, message.Known, message.Day));
        Assert.Equal(new OfferMessage(offer.Code, "w", "milk", "Milk", 20, offer.Validity.Start, offer.Validity.End.AddDays(-1), false), written);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Origin", "https://elsewhere.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "own", 200)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("Content-Type", "text/plain", 415)]
    [InlineData("Content-Type", "", 415)]
    public async Task A_page_of_another_site_spends_nothing(string header, string value, int status)
    {
        using var content = new StringContent(Receipt, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/till/v1/receipts/close") { Content = content };
        if (header == "Content-Type") content.Headers.ContentType = value.Length == 0 ? null : new MediaTypeHeaderValue(value);
        else request.Headers.TryAddWithoutValidation(header, value == "own" ? _app.Urls.First() : value);
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue("ru"));
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200 ? 1 : 0, new RedemptionStore(_shop.State).OfWave("w").Count);
        if (status != 403) return;
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("origin-foreign", JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
        Assert.Contains("другого сайта", JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_time_it_is_now_by_the_servers_clock()
    {
        var offers = await _client.GetStringAsync(new Uri("/till/v1/customers/anna/offers", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("2026-11-26", JsonDocument.Parse(offers).RootElement.GetProperty("day").GetString());
    }

    /// <summary>Half past one on the wave's first day; in Greenwich it is still the day before.</summary>
    sealed class EarlyMorning : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("three", TimeSpan.FromHours(3), null, null);

        public override DateTimeOffset GetUtcNow() => new(2026, 11, 25, 22, 30, 0, TimeSpan.Zero);
    }

    async Task<(HttpResponseMessage Response, string Body)> Post(string call, string body, string? languages = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/till/v1/receipts/{call}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (languages is not null) request.Headers.TryAddWithoutValidation("Accept-Language", languages);
        var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
