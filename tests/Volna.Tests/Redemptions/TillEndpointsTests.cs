using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Volna.Redemptions;

namespace Volna.Tests.Redemptions;

/// <summary>Over a real Kestrel on a free port.</summary>
public sealed class TillEndpointsTests : IAsyncLifetime
{
    const string Receipt =
        """{"id":"r1","store":"S","customer":"anna","time":"2026-11-26T01:20:00+03:00","lines":[{"id":"1","product":"milk","quantity":1,"unitPriceMinor":10000}]}""";

    // Half past one on the wave's first day; in Greenwich it is still the day before.
    static readonly DateTimeOffset s_earlyMorning = new(2026, 11, 26, 1, 30, 0, TimeSpan.FromHours(3));

    readonly Shop _shop = new();
    readonly SetClock _clock = new(s_earlyMorning);
    ServedTill _served = null!;

    HttpClient Client => _served.Client;

    public async ValueTask InitializeAsync()
    {
        _shop.AddStore(1, "S");
        _shop.AddProduct(1, "milk", "Milk");
        _shop.AddProduct(2, "bread", "Bread");
        _shop.AddPublishedWave("w", (1, "anna", [Shop.Offer(1, 0, 1, 20)]), (2, "boris", [Shop.Offer(2, 0, 2, 20)]));
        _served = await ServedTill.Start(_shop, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _served.DisposeAsync();
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

    // Each line: what is wrong, the text in the receipt, what comes in its place, the status and the code of the refusal: of the call, or of the line.
    [Fact]
    public async Task Bad_input_gets_a_code_and_a_sentence_and_has_no_effect()
    {
        const string Line = """{"id":"1","product":"milk","quantity":1,"unitPriceMinor":10000}""";
        var rows =
            $$"""
            unknown customer            | anna           | nobody                                     | 200 | customer-unknown
            no customer                 | "customer":"anna", |                                        | 200 | customer-unknown
            foreign offer               | anna           | boris                                      | 200 | no-offer-for-product
            unknown product             | milk           | yak                                        | 200 | no-offer-for-product
            negative quantity           | "quantity":1   | "quantity":-1                              | 400 | line-quantity
            nothing                     | "quantity":1   | "quantity":0                               | 400 | line-quantity
            four decimals               | "quantity":1   | "quantity":1.0001                          | 400 | line-quantity
            large quantity              | "quantity":1   | "quantity":100000.001                      | 400 | line-quantity
            huge quantity               | "quantity":1   | "quantity":1e27                            | 400 | line-quantity
            quantity beyond all numbers | "quantity":1   | "quantity":1e99                            | 400 | json-invalid
            quantity as a text          | "quantity":1   | "quantity":"1"                             | 400 | json-invalid
            negative price              | 10000          | -1                                         | 400 | line-price
            empty basket                | {{Line}} |                                                  | 400 | receipt-empty
            duplicate line ids          | {{Line}} | {{Line}},{{Line}}                                | 400 | line-id-twice
            total doesn't add up        | "lines"        | "shelfTotalMinor":10001,"lines"            | 400 | total-differs
            an hour ahead               | T01:20         | T02:30                                     | 400 | receipt-clock
            an hour behind              | T01:20         | T00:30                                     | 400 | receipt-clock
            no time                     | "time"         | "moment"                                   | 400 | field-missing
            no id                       | "id":"r1",     |                                            | 400 | field-missing
            an id of control characters | r1             | r\u0007                                    | 400 | receipt-id
            a name twice                | "store":"S"    | "store":"S","store":"T"                    | 400 | json-invalid
            half a receipt              | 10000}]}       | 10000                                      | 400 | json-invalid
            something behind it         | 10000}]}       | 10000}]}{}                                 | 400 | json-invalid
            not JSON                    | {"id"          | id                                         | 400 | json-invalid
            """;
        foreach (var (number, row) in rows.Split('\n').Index())
        {
            var cells = row.Split('|', StringSplitOptions.TrimEntries);
            var (status, code) = (cells[3], cells[4]);
            var body = Receipt.Replace(cells[1], cells[2], StringComparison.Ordinal).Replace("\"r1\"", $"\"r{number}\"", StringComparison.Ordinal);
            foreach (var (call, asked) in ((string, string)[])[("price", body), ("price", body.Insert(1, "\"reserve\":true,")), ("close", body)])
            {
                var (response, answer) = await Post(call, asked);
                Assert.True($"{(int)response.StatusCode}" == status, $"{row}: {call}: {(int)response.StatusCode} {answer}");
                var json = JsonDocument.Parse(answer).RootElement;
                if (status == "200")
                {
                    Assert.Equal((code, 10000), (json.GetProperty("lines")[0].GetProperty("refusal").GetString(), json.GetProperty("totalMinor").GetInt32()));
                    continue;
                }

                Assert.True(code == json.GetProperty("code").GetString(), $"{row}: {call}: {answer}");
                Assert.EndsWith(".", json.GetProperty("detail").GetString(), StringComparison.Ordinal);
                Assert.Matches("[а-яё].*[.]$", JsonDocument.Parse((await Post(call, asked, "ru")).Body).RootElement.GetProperty("detail").GetString());
            }

            Assert.Empty(new RedemptionStore(_shop.State).OfWave("w"));
            Assert.Equal(0, _served.Till.Rights("w").Reserved);
            Assert.Equal(status == "200", _served.Till.Knows($"r{number}"));
        }
    }

    [Fact]
    public async Task A_receipt_from_an_hour_ago_has_to_be_called_a_replay_unless_it_is_known()
    {
        var late = Receipt.Replace("T01:20", "T00:30", StringComparison.Ordinal);
        var replayed = late.Replace("\"store\"", "\"replay\":true,\"store\"", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post("close", late)).Response.StatusCode);
        var (first, answer) = await Post("close", replayed);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(answer, (await Post("close", replayed)).Body);
        Assert.Equal(answer, (await Post("close", late)).Body);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post("close", replayed.Replace("T00:30", "T02:30", StringComparison.Ordinal))).Response.StatusCode);
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
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(lengthTold ? "en" : "ru"));
        if (!lengthTold) request.Headers.TransferEncodingChunked = true;
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal("body-too-large", problem.GetProperty("code").GetString());
        Assert.Matches(lengthTold ? "^[^а-яё]*[.]$" : "[а-яё].*[.]$", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_customers_offers_and_the_words_for_refusals_can_be_asked()
    {
        var offers = JsonDocument.Parse(await Client.GetStringAsync(new Uri("/till/v1/customers/anna/offers?store=S&time=2026-11-27T12:00:00%2B03:00", UriKind.Relative), TestContext.Current.CancellationToken)).RootElement;
        Assert.True(offers.GetProperty("known").GetBoolean());
        var offer = Assert.Single(offers.GetProperty("offers").EnumerateArray());
        Assert.Equal(("milk", 20m, "2026-12-02", false), (offer.GetProperty("product").GetString(), offer.GetProperty("percent").GetDecimal(), offer.GetProperty("until").GetString(), offer.GetProperty("used").GetBoolean()));

        Client.DefaultRequestHeaders.AcceptLanguage.Add(new StringWithQualityHeaderValue("ru"));
        var refusals = await Client.GetStringAsync(new Uri("/till/v1/refusals", UriKind.Relative), TestContext.Current.CancellationToken);
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
        var plain = await Client.GetStringAsync(new Uri($"/till/v1/customers/{customer}/offers?store=S", UriKind.Relative), TestContext.Current.CancellationToken);
        foreach (var spelled in (string[])[$"/till/v1/customers/{customer}/offers?store=%53", $"/till/v1/customers/{customer}/offers?store=S&x=1", $"/till/v1/customers/{customer}/offers/?store=S", $"/TILL/v1/customers/{customer}/offers?store=S"])
            Assert.Equal(plain, await Client.GetStringAsync(new Uri(spelled, UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Offers_are_written_as_the_message_that_is_described()
    {
        var offers = _served.Till.Offers("anna", "S", Shop.Now);
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
        else request.Headers.TryAddWithoutValidation(header, value == "own" ? Client.BaseAddress!.GetLeftPart(UriPartial.Authority) : value);
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue("ru"));
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200 ? 1 : 0, new RedemptionStore(_shop.State).OfWave("w").Count);
        if (status != 403) return;
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("origin-foreign", JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
        Assert.Contains("другого сайта", JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("customers/anna/offers?store=S&time=0001-01-10T00:00:00Z")]
    [InlineData("customers/anna/offers?store=S&time=1999-12-31T23:59:59Z")]
    [InlineData("customers/anna/offers?store=S&time=9999-12-31T23:59:59Z")]
    [InlineData("stores/S/pack?day=0001-01-10")]
    [InlineData("stores/S/pack?day=2201-01-01")]
    public async Task A_day_of_another_age_is_bad_input(string path)
    {
        var (status, problem) = await _served.Get(path);
        Assert.Equal((400, "day-impossible"), (status, problem.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Offers_that_cant_be_read_are_no_fault_of_the_caller_who_learns_no_path_and_are_looked_for_again()
    {
        var pack = _shop.Data.Pack("w");
        File.Move(pack, pack + ".away");
        var away = true;
        for (var round = 0; round < 3; round++)
        {
            foreach (var answer in (IEnumerable<(int Status, JsonElement Body)>)[await _served.Get("customers/anna/offers?store=S"), await _served.Post("receipts/price", Receipt), await _served.Post("receipts/close", Receipt)])
            {
                Assert.Equal(away ? 503 : 200, answer.Status);
                if (!away) continue;
                Assert.Equal("offers-unavailable", answer.Body.GetProperty("code").GetString());
                Assert.DoesNotContain(Path.GetFileName(_shop.Data.Root), answer.Body.GetRawText(), StringComparison.Ordinal);
            }

            // Put back, it isn't looked for with each call.
            if (round == 0) File.Move(pack + ".away", pack);
            else _clock.Now += TimeSpan.FromSeconds(5);
            away = round == 0;
        }
    }

    [Fact]
    public async Task Without_a_time_it_is_now_by_the_servers_clock()
    {
        var offers = await Client.GetStringAsync(new Uri("/till/v1/customers/anna/offers", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("2026-11-26", JsonDocument.Parse(offers).RootElement.GetProperty("day").GetString());
    }

    async Task<(HttpResponseMessage Response, string Body)> Post(string call, string body, string? languages = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/till/v1/receipts/{call}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (languages is not null) request.Headers.TryAddWithoutValidation("Accept-Language", languages);
        var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
