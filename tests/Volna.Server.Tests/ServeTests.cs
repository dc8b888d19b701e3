using System.Net;
using System.Text.Json;

namespace Volna.Server.Tests;

public sealed class ServeTests(ServedShop shop) : IClassFixture<ServedShop>
{
    [Fact]
    public async Task Is_alive_and_ready()
    {
        foreach (var probe in (string[])["/health/live", "/health/ready"])
        {
            var (answer, body) = await shop.Get(probe);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("healthy", JsonDocument.Parse(body).RootElement.GetProperty("status").GetString());
        }
    }

    [Fact]
    public async Task Describes_its_api()
    {
        var (_, body) = await shop.Get("/openapi/v1.json");
        var document = JsonDocument.Parse(body).RootElement;
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.Contains("/app/v1/customers/{key}/offers", paths);
        Assert.Contains("/till/v1/receipts/close", paths);
        Assert.Contains("/reports/v1/waves/{wave}/slides.pdf", paths);
        Assert.DoesNotContain("/waves/{id}", paths);
    }

    [Fact]
    public async Task Every_till_call_is_described_with_its_refusals_its_key_and_its_repeats()
    {
        var (_, body) = await shop.Get("/openapi/v1.json");
        var document = JsonDocument.Parse(body).RootElement;
        Assert.Equal("bearer", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("key").GetProperty("scheme").GetString());
        var calls = (from path in document.GetProperty("paths").EnumerateObject()
                     where path.Name.StartsWith("/till/", StringComparison.Ordinal)
                     from operation in path.Value.EnumerateObject()
                     select (Path: path.Name, Method: operation.Name, Call: operation.Value)).ToList();
        Assert.Equal(calls.Count, calls.Select(call => call.Call.GetProperty("operationId").GetString()).Distinct().Count());
        foreach (var (path, method, call) in calls)
        {
            Assert.NotEmpty(call.GetProperty("summary").GetString()!);
            Assert.Equal(2, call.GetProperty("security").GetArrayLength());
            var answers = call.GetProperty("responses");
            var isOfReceipt = path.StartsWith("/till/v1/receipts/", StringComparison.Ordinal);
            if (path.EndsWith("/pack", StringComparison.Ordinal)) Assert.True(answers.GetProperty("200").GetProperty("content").TryGetProperty("application/octet-stream", out _), path);
            else Assert.True(answers.GetProperty("200").GetProperty("content").GetProperty("application/json").TryGetProperty("schema", out _), path);
            string[] refusals = method == "post" ? ["400", "401", "403", "413", "415", isOfReceipt ? "422" : "400", "429", "503"] : ["400", "401", "403", "429", "503"];
            foreach (var refusal in refusals) Assert.True(answers.GetProperty(refusal).GetProperty("content").TryGetProperty("application/problem+json", out _), $"{path} {refusal}");
            foreach (var later in (string[])["429", "503"]) Assert.True(answers.GetProperty(later).GetProperty("headers").TryGetProperty("Retry-After", out _), $"{path} {later}");
            if (method == "post" && isOfReceipt) Assert.Contains(call.GetProperty("parameters").EnumerateArray(), parameter => parameter.GetProperty("name").GetString() == "Idempotency-Key");
        }
    }

    [Theory]
    [InlineData("en", "no customer")]
    [InlineData("ru", "нет")]
    public async Task An_unknown_customer_is_a_problem_in_the_callers_language(string language, string words)
    {
        var (answer, body) = await shop.Get("/app/v1/customers/nobody/offers", language);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal("customer-unknown", problem.GetProperty("code").GetString());
        Assert.Contains(words, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(Assert.Single(answer.Headers.GetValues("X-Request-Id")), problem.GetProperty("requestId").GetString());
    }

    [Theory]
    [InlineData("/reports/v1/waves/none")]
    [InlineData("/reports/v1/waves/none/figures.csv")]
    [InlineData("/reports/v1/waves/..%2Fnone/slides.pdf")]
    public async Task A_report_that_was_not_made_is_not_found(string address)
    {
        var (answer, body) = await shop.Get(address);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("report-unknown", JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("/app/v1/customers/x/offers?time=yesterday", HttpStatusCode.BadRequest, "request-invalid")]
    [InlineData("/app/v1/nothing", HttpStatusCode.NotFound, "address-unknown")]
    public async Task A_wrong_call_is_a_problem_with_a_code(string address, HttpStatusCode status, string code)
    {
        var (answer, body) = await shop.Get(address);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(code, JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_app_gets_a_customers_offers_with_reasons_and_a_held_out_one_gets_none()
    {
        var (_, body) = await shop.Get($"/app/v1/customers/{shop.Treated}/offers?time={ServedShop.Wave}T12:00:00Z&lang=ru");
        var card = Assert.Single(JsonDocument.Parse(body).RootElement.EnumerateArray());
        Assert.Equal(ServedShop.Wave, card.GetProperty("wave").GetString());
        var offers = card.GetProperty("offers").EnumerateArray().ToList();
        Assert.NotEmpty(offers);
        Assert.All(offers, offer => Assert.Matches("[а-я]", offer.GetProperty("reason").GetString()!));
        Assert.All(offers, offer => Assert.True(offer.GetProperty("priceMinor").GetInt64() < offer.GetProperty("regularPriceMinor").GetInt64()));

        var (_, heldOut) = await shop.Get($"/app/v1/customers/{shop.HeldOut}/offers?time={ServedShop.Wave}T12:00:00Z");
        Assert.Empty(JsonDocument.Parse(heldOut).RootElement.EnumerateArray());
    }

    [Theory]
    [InlineData("en", "Waves", "published", "Not offered, and why", "Not enough data yet", "Purchases", "Held out: she gets no offers")]
    [InlineData("ru", "Волны", "опубликована", "Не предложено и почему", "Данных ещё мало", "Покупки", "Контрольная группа: предложений нет")]
    public async Task The_pages_say_what_they_should(string language, string waves, string published, string refusals, string headline, string purchases, string heldOut)
    {
        await Shows("/", waves, published, ServedShop.Wave);
        await Shows($"/waves/{ServedShop.Wave}", refusals, headline, published);
        await Shows($"/waves/{ServedShop.Wave}/report", headline);
        await Shows($"/customers?key={shop.Treated}", purchases, shop.Treated, "<code>");
        await Shows($"/customers?key={shop.HeldOut}", heldOut);

        async Task Shows(string address, params string[] words)
        {
            var (answer, body) = await shop.Get(address, language);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains($"<html lang=\"{language}\">", body, StringComparison.Ordinal);
            Assert.All(words, word => Assert.Contains(word, body, StringComparison.Ordinal));
            Assert.DoesNotContain("<script", body, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Why_not_others_is_answered_in_words()
    {
        var (_, body) = await shop.Get($"/customers?key={shop.Treated}&wave={ServedShop.Wave}&why=true");
        Assert.Contains("Looked at, and not offered", body, StringComparison.Ordinal);
        Assert.Contains("better offers took the slots", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_language_can_be_chosen_and_is_kept()
    {
        var (answer, body) = await shop.Get("/?lang=ru");
        Assert.Contains("Волны", body, StringComparison.Ordinal);
        Assert.StartsWith("lang=ru", Assert.Single(answer.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/customers?key=%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/waves/%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/customers?key=%22%20onfocus%3D%22alert(1)&lang=%22%3E%3Cscript%3E")]
    public async Task A_hostile_address_is_escaped(string address)
    {
        var (answer, body) = await shop.Get(address);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("<script", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\" onfocus=\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_another_domain_gets_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = "rebound.example";
        var answer = await shop.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }
}
