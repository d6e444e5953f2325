using System.Text.Json;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Processes.Binding;

public sealed class RequestBinderTests
{
    private readonly ProcessDescription _process = Bound.Process(
        Bound.Input("INPUT", """{"type": "string"}""", minOccurs: 1),
        Bound.Input("DISTANCE", """{"type": "number"}"""),
        Bound.Input("PARTS", """{"type": "integer"}""", minOccurs: 2, maxOccurs: 3));

    [Fact]
    public void A_request_is_read_whole()
    {
        var request = Bound.Request(
            _process,
            """
            {"inputs": {"INPUT": "a", "PARTS": [1, 2]},
             "outputs": {"COUNT": {"transmissionMode": "reference"}, "VECTOR": {"format": {"mediaType": "application/vnd.geo+json"}}},
             "response": "document", "subscriber": {"successUri": "http://a/s", "failedUri": "http://a/f"}, "something": "else"}
            """).Request.ShouldNotBeNull();

        request.Inputs.Keys.ShouldBe(["INPUT", "PARTS"]);
        request.Outputs.ShouldBe([new OutputRequest("COUNT", null, Transmission.Reference), new OutputRequest("VECTOR", "application/vnd.geo+json", Transmission.Value)]);
        request.Response.ShouldBe(ResponseForm.Document);
        request.Subscriber.ShouldBe(new Subscriber(new Uri("http://a/s"), null, new Uri("http://a/f")));
    }

    [Fact]
    public void All_mistakes_are_told_at_once_with_their_places()
    {
        var bound = Bound.Request(
            _process,
            """
            {"inputs": {"DISTNCE": 5, "DISTANCE": "far", "PARTS": [1, "x"]},
             "outputs": {"VECTR": {}, "COUNT": {"transmissionMode": "pigeon"}}, "response": "xml", "subscriber": {}}
            """);

        bound.Request.ShouldBeNull();
        bound.Mistakes.Select(mistake => mistake.ToString()).ShouldBe(
        [
            "DISTNCE: there is no such input; did you mean DISTANCE?",
            "DISTANCE: must be a number (got a string)",
            "PARTS[1]: must be an integer (got a string)",
            "INPUT: a value is required",
            "outputs.VECTR: there is no such output; did you mean VECTOR?",
            "outputs.COUNT: transmissionMode must be value or reference",
            "response: must be raw or document",
            "subscriber.successUri: an address is required",
        ]);
        bound.Good.ShouldNotBeNull().Inputs.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"inputs": {}}""")]
    [InlineData("""{"inputs": null}""")]
    [InlineData("""{"inputs": {"INPUT": null}}""")]
    public void What_is_required_is_missed(string json) => Bound.Mistakes(Bound.Process(_process.Inputs[0]), json).ShouldBe(["INPUT: a value is required"]);

    [Theory]
    [InlineData("1", "PARTS: at least 2 values are required (got 1)")]
    [InlineData("[]", "PARTS: a value is required")]
    [InlineData("[1, 2, 3, 4]", "PARTS: at most 3 values are allowed (got 4)")]
    public void An_input_occurs_as_often_as_it_may(string value, string mistake) => Bound.Mistakes(_process.Inputs[2], value).ShouldBe([mistake]);

    [Theory]
    [InlineData("5", "inputs: must be an object with a member for each input")]
    [InlineData("[]", "inputs: must be an object with a member for each input")]
    public void Inputs_are_an_object(string inputs, string mistake) => Bound.Mistakes(_process, $$"""{"inputs": {{inputs}}}""").ShouldBe([mistake]);

    [Fact]
    public void A_request_is_an_object() => Bound.Mistakes(_process, "[]").ShouldBe(["the request must be a JSON object"]);

    [Fact]
    public void A_name_that_is_like_none_gets_no_suggestion() =>
        Bound.Mistakes(Bound.Process(), """{"inputs": {"elephant": 1}}""").ShouldBe(["elephant: there is no such input"]);

    [Theory]
    [InlineData("", null)]
    [InlineData(", \"outputs\": null", null)]
    [InlineData(", \"outputs\": {}", null)]
    [InlineData(", \"outputs\": {\"LOG\": {}, \"COUNT\": null}", "LOG  Value; COUNT  Value")]
    [InlineData(", \"outputs\": {\"COUNT\": {\"mediaType\": \"application/json\"}}", "COUNT application/json Value")]
    [InlineData(", \"outputs\": {\"VECTOR\": {\"format\": {\"mediaType\": \"application/gml+xml\"}, \"transmissionMode\": \"reference\"}}", "VECTOR application/gml+xml Reference")]
    [InlineData(", \"outputs\": {\"VECTOR\": {\"format\": {\"mediaType\": \"text/xml\", \"schema\": \"http://schemas.opengis.net/gml/3.2.1/gml.xsd\"}}}", "VECTOR text/xml; subtype=gml/3.2.1 Value")]
    public void Outputs_are_those_named_or_all(string outputs, string? wanted)
    {
        var request = Bound.Request(Bound.Process(), $$"""{"inputs": {} {{outputs}}}""").Request.ShouldNotBeNull();

        (request.Outputs is { } some ? string.Join("; ", some.Select(output => $"{output.Id} {output.MediaType} {output.Transmission}")) : null).ShouldBe(wanted);
        request.Response.ShouldBe(ResponseForm.Raw);
    }

    [Theory]
    [InlineData("[]", "outputs: must be an object with a member for each output, such as {\"OUTPUT\": {}}")]
    [InlineData("""{"COUNT": "value"}""", "outputs.COUNT: must be an object, such as {\"transmissionMode\": \"value\"}")]
    [InlineData("""{"COUNT": {"format": "text"}}""", "outputs.COUNT: format must be an object, such as {\"mediaType\": \"application/geo+json\"}")]
    [InlineData("""{"COUNT": {"mediaType": 1}}""", "outputs.COUNT: mediaType must be a string")]
    [InlineData("""{"COUNT": {"mediaType": "image/png"}}""", "outputs.COUNT: media type must be text/plain or application/json (got image/png)")]
    [InlineData("""{"VECTOR": {"format": {"mediaType": "image/png"}}}""", "outputs.VECTOR: media type must be application/geo+json or application/gml+xml; version=3.2 (got image/png)")]
    [InlineData("""{"COUNT": {"transmissionMode": 1}}""", "outputs.COUNT: transmissionMode must be value or reference")]
    public void Outputs_that_are_wrong_are_told_what_would_be_right(string outputs, string mistake) =>
        Bound.Mistakes(Bound.Process(), $$"""{"outputs": {{outputs}}}""").ShouldBe([mistake]);

    [Theory]
    [InlineData("5", "subscriber: must be an object with a successUri")]
    [InlineData("""{"successUri": "mailto:a@b"}""", "subscriber.successUri: must be an address with http or https")]
    [InlineData("""{"successUri": 5}""", "subscriber.successUri: must be an address with http or https")]
    [InlineData("""{"successUri": "http://inner/"}""", "subscriber.successUri: its host may not be reached")]
    [InlineData("""{"successUri": "http://a/", "inProgressUri": "/b"}""", "subscriber.inProgressUri: must be an address with http or https")]
    [InlineData("""{"failedUri": "http://a/"}""", "subscriber.successUri: an address is required")]
    public void A_subscriber_has_addresses_that_may_be_reached(string subscriber, string mistake) =>
        Bound.Mistakes(Bound.Process(), $$"""{"subscriber": {{subscriber}}}""").ShouldBe([mistake]);

    [Fact]
    public void The_name_that_the_standard_s_schema_requires_is_understood_too() =>
        Bound.Request(Bound.Process(), """{"subscriber": {"successUrl": "https://a/"}}""").Request.ShouldNotBeNull().Subscriber.ShouldNotBeNull().SuccessUri.Host.ShouldBe("a");

    [Fact]
    public void A_request_that_was_accepted_before_is_read_again_the_same()
    {
        const string Json = """{"inputs": {"INPUT": {"$attachment": 0}, "PARTS": [1, 2]}}""";
        Attachment[] attachments = [new(0, JsonValueKind.String, 70_000)];
        var binder = new RequestBinder(new FakeWeb());

        var bound = binder.Bind(_process, new JobRequest(Json, attachments, Bound.Base));

        bound.Request.ShouldNotBeNull().Inputs["PARTS"].Count.ShouldBe(2);
        Bound.Request(_process, Json, attachments: attachments).Request.ShouldNotBeNull().Inputs.Keys.ShouldBe(bound.Request.Inputs.Keys);
    }
}
