using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Policy;
using GeoWps.Adapters.Execution.Runs;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using GeoWps.Tests.Unit.Http;

namespace GeoWps.Tests.Unit.Execution.Runs;

public sealed class WantedOutputsTests
{
    private static readonly ProcessDescription _process = new ProcessMapping(new AlgorithmPolicy(trustsCallers: false, []), "3").Map(
        Described.Algorithm(
            "native:a",
            Described.Destination("OUTPUT", "sink"),
            Described.Destination("REST", "sink") with { Optional = true },
            Described.Destination("RASTER", "rasterDestination")) with
        {
            Outputs =
            [
                Described.Output("OUTPUT", "outputVector"), Described.Output("REST", "outputVector"), Described.Output("RASTER", "outputRaster"),
                Described.Output("COUNT", "outputNumber"), Described.Output("FILE", "outputFile"),
            ],
        }).Process.ShouldNotBeNull().Description;

    [Fact]
    public void Where_none_is_named_all_that_are_not_optional_are_wanted_in_their_first_type() => WantedOutputs.Of(Run(null)).ShouldBe(
    [
        new WantedOutput("OUTPUT", "application/geo+json"),
        new WantedOutput("RASTER", "image/tiff; application=geotiff"),
        new WantedOutput("COUNT", null),
        new WantedOutput("FILE", null),
    ]);

    [Fact]
    public void What_is_named_is_wanted_in_the_order_and_type_asked_for() => WantedOutputs.Of(Run(
        [("COUNT", null), ("REST", "text/csv"), ("RASTER", null)])).ShouldBe(
    [
        new WantedOutput("COUNT", null),
        new WantedOutput("REST", "text/csv"),
        new WantedOutput("RASTER", "image/tiff; application=geotiff"),
    ]);

    [Fact]
    public void An_output_named_twice_is_made_once() => WantedOutputs.Of(Run([("REST", "text/csv"), ("REST", "application/zip")])).ShouldBe([new WantedOutput("REST", "text/csv")]);

    [Fact]
    public void A_type_in_another_spelling_is_made_as_described_and_delivered_as_asked()
    {
        var wanted = WantedOutputs.Of(Run([("REST", "text/xml; subtype=gml/3.1.1")])).ShouldHaveSingleItem();

        (wanted.MediaType, wanted.DeliveredAs).ShouldBe(("application/gml+xml; version=3.1", "text/xml; subtype=gml/3.1.1"));
    }

    [Fact]
    public void Nothing_asked_for_is_nothing_wanted() => WantedOutputs.Of(Run([])).ShouldBeEmpty();

    [Theory]
    [InlineData("application/octet-stream", null)]
    [InlineData("text/plain", "text/plain")]
    public void A_file_of_any_type_is_what_it_turns_out_to_be(string asked, string? wanted) =>
        WantedOutputs.Of(Run([("FILE", asked)])).ShouldBe([new WantedOutput("FILE", wanted)]);

    private static JobRun Run((string Id, string? MediaType)[]? outputs) => new()
    {
        Job = Some.Done("{}"),
        Process = _process,
        Request = new ExecuteRequest
        {
            Inputs = new Dictionary<string, IReadOnlyList<InputValue>>(),
            Outputs = outputs?.Select(output => new OutputRequest(output.Id, output.MediaType, Transmission.Value)).ToArray(),
        },
        Progress = _ => { },
        Log = (_, _) => { },
    };
}
