using GeoWps.Adapters.Http.Results;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Http;

public sealed class WantedResultsTests
{
    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"inputs": {"outputs": {"x": {}}, "response": "document"}, "outputs": {}, "response": "raw"}""")]
    [InlineData("""{"outputs": null}""")]
    public void Nothing_named_is_everything_bare(string json) => WantedResults.Read(json).ShouldBe(new WantedResults(ResponseForm.Raw, null));

    [Fact]
    public void Outputs_come_in_the_order_asked_for_each_its_own_way()
    {
        var wanted = WantedResults.Read(
            """
            {"response": "document", "inputs": {"a": [1, {"response": "raw"}]},
             "outputs": {"b": {"format": {"transmissionMode": "reference"}, "transmissionMode": "value"}, "a": {"transmissionMode": "reference"}, "c": {}}}
            """);

        wanted.Form.ShouldBe(ResponseForm.Document);
        wanted.Outputs.ShouldBe([new WantedOutput("b", false), new WantedOutput("a", true), new WantedOutput("c", false)]);
    }
}
