using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Storage.Memory;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Recall;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Processes.Recall;

public sealed class RequestDigestTests
{
    private const string Plain = """{"inputs": {"A": {"value": {"x": 1, "y": [1, 2]}}, "B": "b"}}""";
    private const string Job = "jobs/0123456789abcdef0123456789abcdef/results/VECTOR";

    private static readonly ProcessDescription _process = Bound.Process(
        Bound.Input("A", """{"type": "object"}"""), Bound.Input("B", """{"type": "string"}"""), Bound.Input("C", """{"type": "number", "default": 5}""", maxOccurs: 3)) with
    {
        Fingerprint = "f",
    };

    private readonly MemoryBlobStore _blobs = new(1 << 20, TimeProvider.System);

    [Theory]
    [InlineData("""{"inputs": {"B": "b", "A": {"value": {"y": [1, 2], "x": 1}}}}""", "the order of members")]
    [InlineData("""{"inputs": {"A": {"value": {"x": 1, "y": [1, 2]}}, "B": {"value": "b"}}}""", "the form of a value")]
    [InlineData("""{"inputs": {"A": {"value": {"x": 1, "y": [1, 2]}}, "B": "b", "C": 5}}""", "a default")]
    [InlineData("""{"inputs": {"A": {"value": {"x": 1, "y": [1, 2]}}, "B": "b", "C": null}}""", "nothing")]
    [InlineData("""{"inputs": {"A": {"value": {"x": 1, "y": [1, 2]}}, "B": "\u0062"}, "response": "document"}""", "the form of the answer")]
    [InlineData("""{"inputs": {"A": {"value": {"x": 1, "y": [1, 2]}}, "B": "b"}, "outputs": {"COUNT": {"transmissionMode": "reference"}, "VECTOR": {}}}""", "what is made anyway")]
    [InlineData("""{"inputs": {"A": {"value": {"x": 1, "y": [1, 2]}}, "B": "b"}, "subscriber": {"successUri": "http://elsewhere/"}}""", "who is told")]
    public async Task What_does_not_change_results_does_not_count(string request, string what) => (await OfAsync(request)).ShouldBe(await OfAsync(Plain), what);

    [Theory]
    [InlineData("""{"inputs": {"A": {"value": {"x": 1, "y": [2, 1]}}, "B": "b"}}""")]
    [InlineData("""{"inputs": {"A": {"value": {"x": 1.5, "y": [1, 2]}}, "B": "b"}}""")]
    [InlineData("""{"inputs": {"A": {"value": {"x": "1", "y": [1, 2]}}, "B": "b"}}""")]
    [InlineData("""{"inputs": {"A": {"value": {"x": 1, "y": [1, 2]}}}}""")]
    [InlineData("""{"inputs": {"A": {"value": {"x": 1, "y": [1, 2]}}, "B": "b", "C": 6}}""")]
    [InlineData("""{"inputs": {"A": {"value": {"x": 1, "y": [1, 2]}}, "B": "b", "C": [5, 5]}}""")]
    [InlineData("""{"inputs": {"A": {"value": {"x": 1, "y": [1, 2]}}, "B": "b"}, "outputs": {"COUNT": {}}}""")]
    [InlineData("""{"inputs": {"A": {"value": {"x": 1, "y": [1, 2]}}, "B": "b"}, "outputs": {"COUNT": {}, "VECTOR": {"format": {"mediaType": "application/gml+xml; version=3.2"}}}}""")]
    public async Task What_may_change_results_counts(string request) => (await OfAsync(request)).ShouldNotBe(await OfAsync(Plain));

    [Fact]
    public async Task Another_version_of_the_process_is_another_process()
    {
        (await OfAsync(Plain, _process with { Fingerprint = "g" })).ShouldNotBe(await OfAsync(Plain));
        (await OfAsync(Plain, _process with { Id = "q" })).ShouldNotBe(await OfAsync(Plain));
    }

    [Fact]
    public async Task A_part_that_was_moved_out_counts_by_its_content()
    {
        const string Moved = """{"inputs": {"A": {"value": {"x": {"$attachment": 0}}}}}""";

        var first = await OfAsync(Moved, attachment: "one");
        (await OfAsync(Moved, attachment: "one")).ShouldBe(first);
        (await OfAsync(Moved, attachment: "two")).ShouldNotBe(first);
    }

    [Fact]
    public async Task What_lies_outside_may_change_and_what_we_made_does_not()
    {
        (await OfAsync("""{"inputs": {"A": {"href": "http://public/data.json"}}}""")).ShouldBeNull();
        (await OfAsync("""{"inputs": {"A": {"value": {"deep": [{"href": "http://public/data.json"}]}}}}""")).ShouldBeNull();

        var ours = await OfAsync($$$$"""{"inputs": {"A": {"href": "{{{{Bound.Base + Job}}}}"}}}""");
        ours.ShouldNotBeNull();
        (await OfAsync($$$$"""{"inputs": {"A": {"href": "/{{{{Job}}}}"}}}""")).ShouldBe(ours);
        (await OfAsync($$$$"""{"inputs": {"A": {"href": "/{{{{Job}}}}#layername=b"}}}""")).ShouldNotBe(ours);
    }

    private async Task<string?> OfAsync(string json, ProcessDescription? process = null, string? attachment = null)
    {
        var id = JobId.New(DateTimeOffset.UnixEpoch);
        Attachment[] attachments = [];
        if (attachment is not null)
        {
            await _blobs.PutAsync(JobKeys.Attachment(id, 0), "x/y", (stream, token) => stream.WriteAsync(Encoding.UTF8.GetBytes(attachment), token).AsTask(), CancellationToken.None);
            attachments = [new Attachment(0, JsonValueKind.String, attachment.Length)];
        }

        var request = Bound.Request(process ?? _process, json, attachments: attachments).Request.ShouldNotBeNull();
        return await new RequestDigest(_blobs).OfAsync(
            new RequestBody(id, JsonElement.Parse(json), attachments, ""), Bound.Base, process ?? _process, request, CancellationToken.None);
    }
}
