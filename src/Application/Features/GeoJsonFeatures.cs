using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Spatial;

namespace GeoWps.Application.Features;

/// <summary>Writes features as GeoJSON (RFC 7946), one at a time.</summary>
public sealed class GeoJsonFeatures : IDisposable
{
    /// <summary>A tenth of a millimetre.</summary>
    private const int DecimalsOfDegrees = 9;
    private const int DecimalsOfMetres = 4;

    private readonly GeoJsonGeometry _geometry;

    internal GeoJsonFeatures(ICoordinateTransform transform, Crs crs) =>
        _geometry = new GeoJsonGeometry(transform, AxisOrder.IsYFirst(crs), crs.SameAs(Crs.Wgs84) ? DecimalsOfDegrees : DecimalsOfMetres);

    /// <summary>How many geometries were written as <c>null</c> because they are damaged, curved, or out of reach of the CRS.</summary>
    public long Unwritten { get; private set; }

    /// <summary>The feature that a cursor stands on.</summary>
    public void Write(Utf8JsonWriter json, FeatureCursor feature, Action<Utf8JsonWriter>? more = null)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "Feature"u8);
        if (feature.Id is { Text: { } text })
        {
            json.WriteString("id"u8, text);
        }
        else
        {
            json.WriteNumber("id"u8, feature.Id.Number);
        }

        json.WritePropertyName("geometry"u8);
        if (!_geometry.Write(json, feature.Geometry))
        {
            Unwritten++;
        }

        json.WritePropertyName("properties"u8);
        feature.WriteProperties(json);
        more?.Invoke(json);
        json.WriteEndObject();
    }

    public void Dispose() => _geometry.Dispose();
}
