using System.Text;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Deployment;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Processes.Deployment;

public sealed class PackageReaderTests
{
    private readonly PackageReader _reader = new(new Web(), Options.Create(new RequestLimits()));

    [Theory]
    [InlineData("application/ogcapppkg+json", null, true)]
    [InlineData("Application/OGCAppPkg+JSON; charset=utf-8", null, true)]
    [InlineData("text/x-python", null, true)]
    [InlineData("application/xml", null, true)]
    [InlineData("application/octet-stream", "a.model3", true)]
    [InlineData(null, "a.PY", true)]
    [InlineData("application/octet-stream", "a.sh", false)]
    [InlineData(null, null, false)]
    [InlineData("application/json", "a.py", false)]
    public void A_body_is_known_by_its_type_or_by_its_name(string? type, string? name, bool taken) => PackageReader.Takes(type, name).ShouldBe(taken);

    [Theory]
    [InlineData("[]", "")]
    [InlineData("{}", "executionUnit")]
    [InlineData("""{"executionUnit": []}""", "executionUnit")]
    [InlineData("""{"executionUnit": [1]}""", "executionUnit[0]")]
    [InlineData("""{"executionUnit": {"type": "script"}}""", "executionUnit")]
    [InlineData("""{"executionUnit": {"type": "script", "value": "x", "href": "http://a/"}}""", "executionUnit")]
    [InlineData("""{"executionUnit": {"type": "docker", "value": "x"}}""", "executionUnit.type")]
    [InlineData("""{"executionUnit": {"type": "script", "value": 1}}""", "executionUnit.value")]
    [InlineData("""{"executionUnit": {"type": "script", "value": "x", "encoding": "gzip"}}""", "executionUnit.encoding")]
    [InlineData("""{"processDescription": 1, "executionUnit": {"type": "script", "value": "x"}}""", "processDescription")]
    [InlineData("""{"processDescription": {"id": 1}, "executionUnit": {"type": "script", "value": "x"}}""", "processDescription.id")]
    public void A_package_that_is_none_is_told_where(string package, string place)
    {
        var (content, mistakes) = Read(package);

        content.ShouldBeNull();
        mistakes.Select(mistake => mistake.Place).ShouldContain(place);
    }

    [Fact]
    public async Task A_unit_is_opened_by_value_by_base64_and_by_reference()
    {
        var (content, _) = Read("""
            {"processDescription": {"id": "script:a"}, "executionUnit": [
              {"type": "script", "value": "ä"}, {"type": "model", "encoding": "base64", "value": "w6Q="}, {"href": "http://host/there.py"},
              {"type": "model", "encoding": "base64", "value": "?"}, {"value": "x"}, {"href": "http://host/there"}]}
            """);

        content.ShouldNotBeNull().Id.ShouldBe("script:a");
        var opened = new List<(UnitKind?, string?)>();
        foreach (var packed in content.Units)
        {
            var (unit, mistake) = await _reader.OpenAsync(content, packed, CancellationToken.None);
            opened.Add((unit?.Kind, unit is null ? mistake!.Place : Encoding.UTF8.GetString(unit.Content.Span)));
        }

        opened.ShouldBe(
        [
            (UnitKind.Script, "ä"), (UnitKind.Model, "ä"), (UnitKind.Script, "fetched"), (null, "executionUnit[3].value"), (null, "executionUnit[4].type"), (null, "executionUnit[5].type"),
        ]);
    }

    private (PackageContent? Content, IReadOnlyList<GeoWps.Domain.Processes.Mistake> Mistakes) Read(string package) =>
        _reader.Read(new PackageCall(PackageMedia.Package, Encoding.UTF8.GetBytes(package), null, null));

    private sealed class Web : IReferenceFetcher
    {
        public string? Refuse(string href) => null;

        public async Task<FetchOutcome> FetchAsync(FetchRequest request, Stream destination, long maxBytes, CancellationToken cancellationToken)
        {
            await destination.WriteAsync("fetched"u8.ToArray(), cancellationToken);
            return new FetchOutcome.Fetched(7, "application/octet-stream", request.Href.Split('/')[^1]);
        }
    }
}
