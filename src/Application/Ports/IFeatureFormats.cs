namespace GeoWps.Application.Ports;

/// <summary>Turns GeoJSON into FlatGeobuf and back, feature by feature: QGIS reads and writes FlatGeobuf ten times as fast.</summary>
public interface IFeatureFormats
{
    /// <summary>Reads a FeatureCollection, a Feature or a geometry, twice (<paramref name="geoJson"/> can seek).</summary>
    Task<FeatureOutcome> WriteFlatGeobufAsync(Stream geoJson, Stream flatGeobuf, string layerName, CancellationToken cancellationToken);

    /// <summary>Writes a FeatureCollection in feature order; nothing is re-projected, another CRS than CRS84 / EPSG:4326 is named in a <c>crs</c> member.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    Task WriteGeoJsonAsync(Stream flatGeobuf, Stream geoJson, CancellationToken cancellationToken);

    /// <summary>Whether all features are there: GDAL leaves out silently what is cut off.</summary>
    /// <returns>What is wrong and where, or <see langword="null"/>.</returns>
    Task<string?> FindDamageAsync(Stream flatGeobuf, CancellationToken cancellationToken);
}

public abstract record FeatureOutcome
{
    private FeatureOutcome()
    {
    }

    /// <param name="Crs">The CRS that a <c>crs</c> member names, as <c>EPSG:n</c>, which may not exist; <see langword="null"/> for WGS 84.</param>
    public sealed record Written(long Features, string? Crs = null) : FeatureOutcome;

    /// <summary>Valid, but with something that FlatGeobuf can not hold as QGIS would read it (nested properties, dates): leave it to GDAL.</summary>
    public sealed record NotRepresentable(string Reason) : FeatureOutcome;

    /// <summary>Not GeoJSON; the message says where.</summary>
    public sealed record Invalid(string Message) : FeatureOutcome;
}
