using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Execution.Runs;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Execution.Runs;

public sealed class ResultDeliveryTests : IDisposable
{
    private const int Small = 32 * 1024;

    private readonly StagingBench _bench = new();

    public ResultDeliveryTests() => Directory.CreateDirectory(Path.Combine(_bench.Folder, "outputs"));

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("1.5")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("""["a", 1]""")]
    public async Task A_plain_value_stays_with_the_job(string json)
    {
        var output = await DeliverAsync(new WantedOutput("COUNT", null), $$"""{"value": {{json}}}""");

        output.ShouldBeOfType<OutputValue.Literal>().ShouldSatisfyAllConditions(
            literal => literal.Json.GetRawText().ShouldBe(json),
            literal => literal.MediaType.ShouldBeNull());
    }

    [Fact]
    public async Task A_small_FlatGeobuf_becomes_GeoJSON_that_stays_with_the_job()
    {
        Put("OUTPUT.fgb", Small);

        var output = await DeliverAsync(new WantedOutput("OUTPUT", "application/geo+json"), Made("OUTPUT.fgb", "application/flatgeobuf"));

        var literal = output.ShouldBeOfType<OutputValue.Literal>();
        literal.MediaType.ShouldBe("application/geo+json");
        literal.Json.GetProperty("bytes").GetInt32().ShouldBe(Small);
        (await KeysAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_large_FlatGeobuf_becomes_GeoJSON_in_the_store()
    {
        Put("OUTPUT.fgb", Small + 1);

        var content = (await DeliverAsync(new WantedOutput("OUTPUT", "application/geo+json"), Made("OUTPUT.fgb", "application/flatgeobuf"))).ShouldBeOfType<OutputValue.Content>();

        (content.MediaType, content.Name, content.Key).ShouldBe(("application/geo+json", "OUTPUT.geojson", Key("OUTPUT.geojson")));
        var stored = await StoredAsync(content.Key);
        stored.ShouldContain($"\"bytes\":{Small + 1}");
        content.Length.ShouldBe(stored.Length);
        content.Sidecars.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_FlatGeobuf_that_was_asked_for_is_one()
    {
        Put("OUTPUT.fgb", 10);

        var content = (await DeliverAsync(new WantedOutput("OUTPUT", "application/flatgeobuf"), Made("OUTPUT.fgb", "application/flatgeobuf"))).ShouldBeOfType<OutputValue.Content>();

        (content.MediaType, content.Name, content.Length).ShouldBe(("application/flatgeobuf", "OUTPUT.fgb", 10));
    }

    [Theory]
    [InlineData(Small, true)]
    [InlineData(Small + 1, false)]
    public async Task GeoJSON_stays_with_the_job_while_it_is_small(int length, bool stays)
    {
        File.WriteAllText(Path.Combine(_bench.Folder, "outputs/OUTPUT.geojson"), FakeFormats.Collection.PadRight(length));

        var output = await DeliverAsync(new WantedOutput("OUTPUT", "application/geo+json"), Made("OUTPUT.geojson", "application/geo+json"));

        (output is OutputValue.Literal { MediaType: "application/geo+json" }).ShouldBe(stays);
        (await KeysAsync()).ShouldBe(stays ? [] : [Key("OUTPUT.geojson")]);
        File.Exists(Path.Combine(_bench.Folder, "outputs/OUTPUT.geojson")).ShouldBe(stays);
    }

    [Fact]
    public async Task Any_other_file_is_moved_into_the_store_under_the_jobs_attempt()
    {
        Put("OUTPUT.tif", 5);

        var output = await DeliverAsync(new WantedOutput("OUTPUT", "image/tiff; application=geotiff; profile=cloud-optimized"), Made("OUTPUT.tif", "image/tiff; application=geotiff"));

        output.ShouldBeOfType<OutputValue.Content>().ShouldBe(new OutputValue.Content(
            "OUTPUT", Key("OUTPUT.tif"), "image/tiff; application=geotiff; profile=cloud-optimized", "OUTPUT.tif", 5, ((OutputValue.Content)output).Sidecars));
        Key("OUTPUT.tif").ShouldBe($"jobs/{_bench.Job.Id}/2/OUTPUT.tif");
        _bench.Files.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, "text/html", "text/html")]
    [InlineData(null, null, "application/octet-stream")]
    [InlineData("text/plain", "text/html", "text/plain")]
    [InlineData("text/plain", null, "text/plain")]
    public async Task A_file_is_what_was_asked_for_or_what_it_turned_out_to_be(string? asked, string? made, string delivered)
    {
        Put("FILE.x", 1);

        var output = await DeliverAsync(new WantedOutput("FILE", asked), JsonSerializer.Serialize(new { path = "outputs/FILE.x", mediaType = made }));

        output.ShouldBeOfType<OutputValue.Content>().MediaType.ShouldBe(delivered);
    }

    [Fact]
    public async Task What_lies_beside_a_file_comes_along_under_its_own_name()
    {
        Put("OUTPUT.gml", 7);
        Put("OUTPUT.xsd", 3);

        var output = await DeliverAsync(
            new WantedOutput("OUTPUT", "application/gml+xml"), """{"path":"outputs/OUTPUT.gml","mediaType":"application/gml+xml","sidecars":["outputs/OUTPUT.xsd"]}""");

        var sidecar = output.ShouldBeOfType<OutputValue.Content>().Sidecars.ShouldHaveSingleItem();
        (sidecar.Name, sidecar.Key, sidecar.Length).ShouldBe(("OUTPUT.xsd", Key("OUTPUT.xsd"), 3));
        (await KeysAsync()).ShouldBe([Key("OUTPUT.gml"), Key("OUTPUT.xsd")]);
    }

    [Fact]
    public async Task What_was_not_wanted_is_left_and_what_was_not_made_is_missing()
    {
        var outputs = await DeliverAsync([new WantedOutput("B", null), new WantedOutput("GONE", null), new WantedOutput("A", null)], """{"A":{"value":1},"REST":{"value":2},"B":{"value":3}}""");

        outputs.Select(output => output.Id).ShouldBe(["B", "A"]);
    }

    private static string Made(string name, string mediaType) => $$"""{"path":"outputs/{{name}}","mediaType":"{{mediaType}}","name":"Made","sidecars":[]}""";

    private string Key(string name) => JobKeys.Output(_bench.Job.Id, _bench.Job.Attempt, name);

    private void Put(string name, int length) => File.WriteAllBytes(Path.Combine(_bench.Folder, "outputs", name), new byte[length]);

    private async Task<string[]> KeysAsync() => [.. await _bench.Blobs.ListAsync("jobs/", default).Select(blob => blob.Key).ToArrayAsync()];

    private async Task<string> StoredAsync(string key)
    {
        await using var blob = (await _bench.Blobs.OpenAsync(key, 0, null, default)).ShouldNotBeNull();
        using var reader = new StreamReader(blob.Content, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    private async Task<OutputValue> DeliverAsync(WantedOutput wanted, string result) =>
        (await DeliverAsync([wanted], $$"""{"{{wanted.Id}}": {{result}}}""")).ShouldHaveSingleItem();

    private Task<IReadOnlyList<OutputValue>> DeliverAsync(WantedOutput[] wanted, string results) =>
        new ResultDelivery(_bench.Blobs, _bench.Formats).DeliverAsync(_bench.Job, wanted, JsonElement.Parse(results), _bench.Folder, CancellationToken.None);
}
