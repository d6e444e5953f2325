using System.Net;
using System.Text;
using System.Text.Json;
using GeoWps.Domain.Records;

namespace GeoWps.Tests.Unit.Http;

/// <summary>Schemes, codes of records, and use, over HTTP.</summary>
public sealed class SchemeEndpointTests : IAsyncLifetime
{
    private const string Plan = "code,label@en,label@zh,broader\nC,Plans,规划,\nC.1,City plans,,C\n";
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly HttpHost _host = new();

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        (await PutAsync("admin/schemes/plan", Plan, "text/csv")).StatusCode.ShouldBe(HttpStatusCode.Created);
        await _host.Records.PutAsync([new CatalogueRecord("files", "a/b.csv", "file", "A") { Classifications = [new Classification("plan", "C.1")] }], None);
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_scheme_is_loaded_shown_loaded_again_from_what_is_shown_and_removed()
    {
        var shown = await _host.GetJsonAsync("schemes/plan");
        shown.GetProperty("concepts")[0].GetProperty("prefLabel").GetProperty("zh").GetString().ShouldBe("规划");
        shown.GetProperty("concepts")[1].GetProperty("broader").GetString().ShouldBe("C");
        (await _host.GetJsonAsync("schemes")).GetProperty("schemes")[0].GetProperty("numberOfConcepts").GetInt32().ShouldBe(2);
        (await (await _host.SendAsync(HttpMethod.Get, "schemes/plan?f=html")).Content.ReadAsStringAsync()).ShouldContain("City plans");
        (await (await _host.SendAsync(HttpMethod.Get, "schemes?f=html")).Content.ReadAsStringAsync()).ShouldContain("schemes/plan");

        (await PutAsync("admin/schemes/plan", shown.GetRawText(), "application/json")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _host.GetJsonAsync("schemes/plan")).GetProperty("concepts").GetRawText().ShouldBe(shown.GetProperty("concepts").GetRawText());

        (await SendAsync(HttpMethod.Delete, "admin/schemes/plan")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await SendAsync(HttpMethod.Delete, "admin/schemes/plan")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _host.SendAsync(HttpMethod.Get, "schemes/plan")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("admin/schemes/a:b", Plan, "text/csv", 400, "an id has")]
    [InlineData("admin/schemes/x", "code\nA\nA", "text/csv", 400, "line 3")]
    [InlineData("admin/schemes/x", "{", "application/json", 400, "line 1")]
    [InlineData("admin/schemes/x", "<x/>", "text/xml", 415, "text/xml")]
    [InlineData("admin/records/files:a%2Fb.csv/classifications", """{"classifications": [{"scheme": "plan", "code": "Z"}]}""", "application/json", 400, "has no code Z")]
    [InlineData("admin/records/files:a%2Fb.csv/classifications", """{"classifications": [{"scheme": "nix", "code": "C"}]}""", "application/json", 400, "there is no scheme nix")]
    [InlineData("admin/records/files:a%2Fb.csv/classifications", "{}", "application/json", 400, "a list of up to 100")]
    [InlineData("admin/records/files:none/classifications", """{"classifications": []}""", "application/json", 404, "files:none")]
    public async Task What_is_wrong_is_told(string path, string body, string type, int status, string why)
    {
        var answer = await PutAsync(path, body, type);

        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(why);
    }

    [Theory]
    [InlineData("admin/schemes")]
    [InlineData("admin/schemes/plan")]
    [InlineData("admin/records/files:a/classifications")]
    [InlineData("admin/use")]
    public async Task What_is_the_operators_needs_a_token(string path) => (await _host.SendAsync(HttpMethod.Get, path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task An_operators_codes_stand_beside_those_of_the_source()
    {
        var answer = await PutAsync("admin/records/files:a%2Fb.csv/classifications", """{"classifications": [{"scheme": "plan", "code": "C"}]}""", "application/json");

        var codes = (await HttpHost.ReadAsync(answer)).GetProperty("classifications").EnumerateArray().ToArray();
        codes.Select(code => (code.GetProperty("code").GetString(), code.GetProperty("label").GetString(), code.GetProperty("by").GetString()))
            .ShouldBe([("C.1", "City plans", "source"), ("C", "Plans", "operator")]);
        var record = await HttpHost.ReadAsync(await _host.SendAsync(HttpMethod.Get, "collections/records/items/files:a/b.csv", null, ("Accept-Language", "zh-CN")));
        record.GetProperty("properties").GetProperty("themes")[0].GetProperty("concepts").EnumerateArray().Select(one => one.GetProperty("title").GetString()).ShouldBe(["City plans", "规划"]);
    }

    [Theory]
    [InlineData("search?type=C")]
    [InlineData("?type=C")]
    public async Task A_service_is_named_by_a_code_which_finds_what_is_below_it(string path)
    {
        var answer = await HttpHost.ReadAsync(await _host.SendAsync(HttpMethod.Get, path, null, ("X-GeoWps-Service", "records")));

        answer.GetProperty("numberReturned").GetInt32().ShouldBe(1);
        var parts = _host.Records.Asked!.Filter.ShouldBeOfType<RecordFilter.Any>().Parts;
        parts[1].ShouldBeOfType<RecordFilter.In>().Values.Select(value => value.Text).ShouldBe(["C", "C.1"]);
        answer.GetProperty("links")[0].GetProperty("href").GetString().ShouldBe($"{_host.Address}search?type=C");
    }

    [Fact]
    public async Task Without_the_header_the_address_is_the_landing_page() =>
        (await _host.GetJsonAsync("")).TryGetProperty("features", out _).ShouldBeFalse();

    [Fact]
    public async Task A_scheme_is_a_filter_and_a_facet_with_labels()
    {
        var answer = await HttpHost.ReadAsync(await _host.SendAsync(HttpMethod.Get, "search?classification=plan:C&facets=scheme:plan"));

        _host.Records.Asked!.Classifications.Single().Codes.ShouldBe(["C", "C.1"]);
        answer.GetProperty("facets").GetProperty("scheme:plan").GetProperty("buckets")[0].TryGetProperty("label", out _).ShouldBeFalse("no scheme has the code of these tests");
        await PutAsync("admin/schemes/plan", "code,label\n<value>,Label", "text/csv");
        answer = await HttpHost.ReadAsync(await _host.SendAsync(HttpMethod.Get, "search?facets=scheme:plan,classification,type"));
        answer.GetProperty("facets").GetProperty("scheme:plan").GetProperty("buckets")[0].GetProperty("label").GetString().ShouldBe("Label");
        answer.GetProperty("facets").GetProperty("classification").GetProperty("buckets")[0].GetProperty("label").GetString().ShouldBe("Label");
        answer.GetProperty("facets").GetProperty("type").GetProperty("buckets")[0].TryGetProperty("label", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Use_is_counted_by_record_and_name_and_told_as_json_and_csv()
    {
        await _host.SendAsync(HttpMethod.Get, "search?q=x");
        await _host.SendAsync(HttpMethod.Head, "search?q=x");
        await _host.SendAsync(HttpMethod.Get, "collections/records/items/files:a/b.csv");
        await _host.SendAsync(HttpMethod.Get, "collections/records/items/files:a/b.csv?f=html");
        await _host.SendAsync(HttpMethod.Head, "collections/records/items/files:a/b.csv");
        await _host.SendAsync(HttpMethod.Get, "collections/records/items/files:none");
        await SendAsync(HttpMethod.Get, "collections/records/items/files:a/b.csv");

        var use = (await HttpHost.ReadAsync(await SendAsync(HttpMethod.Get, "admin/use?by=record,caller"))).GetProperty("use").EnumerateArray()
            .Select(one => string.Join(' ', ((string[])["record", "caller", "opened", "downloaded", "searched", "shown"]).Select(name => one.GetProperty(name).ToString())));
        use.ShouldBe([" anonymous 0 0 1 0", "files:a/b.csv administrator 1 0 0 0", "files:a/b.csv anonymous 2 0 0 1"]);

        var page = await HttpHost.ReadAsync(await SendAsync(HttpMethod.Get, "admin/use?by=record&limit=1"));
        page.GetProperty("use").GetArrayLength().ShouldBe(1);
        page.GetProperty("links").EnumerateArray().Single(link => link.GetProperty("rel").GetString() == "next").GetProperty("href").GetString().ShouldEndWith("by=record&limit=1&offset=1");

        var csv = await SendAsync(HttpMethod.Get, "admin/use?by=record&f=csv");
        csv.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        (await csv.Content.ReadAsStringAsync()).ShouldBe("record,opened,downloaded,searched,shown\r\n,0,0,1,0\r\nfiles:a/b.csv,3,0,0,1\r\n");
    }

    [Theory]
    [InlineData("from=2026", "from")]
    [InlineData("to=2026-13", "to")]
    [InlineData("by=colour", "by")]
    [InlineData("limit=0", "limit")]
    [InlineData("f=xml", "f")]
    [InlineData("x=1", "x")]
    public async Task A_mistake_in_what_is_asked_of_use_is_told(string query, string place)
    {
        var answer = await SendAsync(HttpMethod.Get, "admin/use?" + query);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("mistakes")[0].GetProperty("place").GetString().ShouldBe(place);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path) => _host.SendAsync(method, path, null, ("Authorization", $"Bearer {HttpHost.Token}"));

    private Task<HttpResponseMessage> PutAsync(string path, string body, string type)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {HttpHost.Token}");
        return _host.Client.SendAsync(request);
    }
}
