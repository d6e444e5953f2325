using System.Text;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Execution.Runs;

/// <summary>Writes the name of the other format before what it read.</summary>
internal sealed class FakeFormats : IFeatureFormats
{
    public const string Collection = """{"type":"FeatureCollection","features":[]}""";

    public FeatureOutcome Outcome { get; set; } = new FeatureOutcome.Written(3);

    /// <summary>Names of the layers that were written.</summary>
    public List<string> Layers { get; } = [];

    public async Task<FeatureOutcome> WriteFlatGeobufAsync(Stream geoJson, Stream flatGeobuf, string layerName, CancellationToken cancellationToken)
    {
        Layers.Add(layerName);
        await flatGeobuf.WriteAsync("flat:"u8.ToArray(), cancellationToken);
        await geoJson.CopyToAsync(flatGeobuf, cancellationToken);
        return Outcome;
    }

    public async Task WriteGeoJsonAsync(Stream flatGeobuf, Stream geoJson, CancellationToken cancellationToken)
    {
        using var memory = new MemoryStream();
        await flatGeobuf.CopyToAsync(memory, cancellationToken);
        await geoJson.WriteAsync(Encoding.UTF8.GetBytes($$"""{"type":"FeatureCollection","features":[],"bytes":{{memory.Length}}}"""), cancellationToken);
    }

    public Task<string?> FindDamageAsync(Stream flatGeobuf, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}
