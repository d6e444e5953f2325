using System.IO.Pipelines;
using System.Text;

namespace GeoWps.Adapters.Formats;

/// <param name="MaxDecimals">Digits behind the point of a coordinate at most, 0 to 15; <see langword="null"/> for all that its double needs.</param>
/// <param name="Name">A <c>name</c> member of the collection, which QGIS takes for the layer's name.</param>
public sealed record GeoJsonOptions(int? MaxDecimals = null, string? Name = null)
{
    public static GeoJsonOptions Default { get; } = new();
}

/// <summary>
/// Writes FlatGeobuf 3, with or without index, as one GeoJSON FeatureCollection in the order of the file. Coordinates stay as they are: not
/// projected, rings not turned. Curves become lines, surfaces polygons, m is left out. A geometry with infinite coordinates becomes null.
/// </summary>
public static class FlatGeobufToGeoJson
{
    // Fewer, larger writes; small enough for the second cache of a core.
    private const int FlushAt = 1 << 17;

    /// <exception cref="InvalidDataException">The file is damaged; what came before has been written.</exception>
    public static async Task WriteAsync(Stream flatGeobuf, Stream geoJson, GeoJsonOptions options, CancellationToken cancellationToken)
    {
        using var reader = new FlatGeobufReader(flatGeobuf);
        using var output = new Pooled<byte>(FlushAt * 2);
        var info = await reader.OpenAsync(cancellationToken);
        var properties = new PropertiesJson(output, info.Columns);
        using var geometry = new GeometryJson(output, options.MaxDecimals ?? -1);
        Begin(output, info, options.Name);
        while (await reader.MoveNextAsync(cancellationToken))
        {
            output.AddRange(reader.Number == 1 ? "\n"u8 : ",\n"u8);
            try
            {
                WriteFeature(reader.Feature, info, properties, geometry, output);
            }
            catch (DamagedFlatBufferException damage)
            {
                throw reader.Failure(damage.Message);
            }

            if (output.Count >= FlushAt)
            {
                await geoJson.WriteAsync(output.Memory, cancellationToken);
                output.Clear();
            }
        }

        output.AddRange("\n]}\n"u8);
        await geoJson.WriteAsync(output.Memory, cancellationToken);
    }

    /// <inheritdoc cref="WriteAsync(Stream, Stream, GeoJsonOptions, CancellationToken)"/>
    public static async Task WriteAsync(Stream flatGeobuf, PipeWriter geoJson, GeoJsonOptions options, CancellationToken cancellationToken)
    {
        await using var stream = geoJson.AsStream(leaveOpen: true);
        await WriteAsync(flatGeobuf, stream, options, cancellationToken);
    }

    private static void Begin(Pooled<byte> output, FlatGeobufInfo info, string? name)
    {
        output.AddRange("{\"type\":\"FeatureCollection\","u8);
        if (name is not null)
        {
            output.AddRange("\"name\":"u8);
            JsonEscapes.Quote(Encoding.UTF8.GetBytes(name), output);
            output.Add((byte)',');
        }

        if (info.Crs is { IsWgs84: false, Code.Length: > 0 } crs)
        {
            output.AddRange("\"crs\":{\"type\":\"name\",\"properties\":{\"name\":"u8);
            JsonEscapes.Quote(Encoding.UTF8.GetBytes($"urn:ogc:def:crs:{crs.Organization}::{crs.Code}"), output);
            output.AddRange("}},"u8);
        }

        output.AddRange("\"features\":["u8);
    }

    private static void WriteFeature(
        ReadOnlySpan<byte> feature, FlatGeobufInfo info, PropertiesJson properties, GeometryJson geometry, Pooled<byte> output)
    {
        var table = FlatTable.Root(feature);
        output.AddRange("{\"type\":\"Feature\",\"properties\":"u8);
        properties.Write(table.Vector<byte>(Slot.FeatureProperties));
        output.AddRange(",\"geometry\":"u8);
        if (table.TryTable(Slot.FeatureGeometry, out var shape))
        {
            geometry.Write(shape, info.GeometryType, info.HasZ, feature.Length);
        }
        else
        {
            output.AddRange("null"u8);
        }

        output.Add((byte)'}');
    }
}
