using System.Globalization;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Formats;

/// <summary>
/// Writes GeoJSON (RFC 7946, and the <c>crs</c> member of GeoJSON 2008) as FlatGeobuf 3 without index, for GDAL 3.6 and QGIS 3.22.
/// </summary>
/// <remarks>
/// The header comes first and tells what only the last feature decides, so the text is read twice. Nothing is written before all of it has
/// proved right. Memory is bounded by the largest feature.
/// </remarks>
public static class GeoJsonToFlatGeobuf
{
    /// <param name="geoJson">UTF-8; read from where it stands, twice, so it must be able to seek.</param>
    /// <param name="layerName">What QGIS calls the layer.</param>
    public static async Task<FeatureOutcome> ConvertAsync(
        Stream geoJson, Stream flatGeobuf, string layerName, CancellationToken cancellationToken)
    {
        var origin = geoJson.Position;
        var (summary, kind, failure) = await SummarizeAsync(geoJson, origin, cancellationToken);
        using (summary)
        {
            if (failure is not null)
            {
                return failure;
            }

            using var writing = new WritingPass(flatGeobuf, layerName, summary);
            writing.Begin();
            geoJson.Position = origin;
            using var document = new GeoJsonDocument(geoJson, writing);
            await (kind == GeoJsonKind.FeatureCollection
                ? document.WalkAsync(cancellationToken)
                : document.WalkWholeAsync(kind, cancellationToken));
            await writing.FlushAsync(cancellationToken);
            var code = summary.Layer.EpsgCode;
            return new FeatureOutcome.Written(summary.Layer.Features, code == CrsName.Wgs84 ? null : string.Create(CultureInfo.InvariantCulture, $"EPSG:{code}"));
        }
    }

    private static async Task<(SummaryPass Summary, GeoJsonKind Kind, FeatureOutcome? Failure)> SummarizeAsync(
        Stream geoJson, long origin, CancellationToken cancellationToken)
    {
        var summary = new SummaryPass();
        GeoJsonDocument? document = null;
        try
        {
            document = new GeoJsonDocument(geoJson, summary);
            var kind = await document.WalkAsync(cancellationToken);
            if (kind != GeoJsonKind.FeatureCollection)
            {
                // What looked like a collection's features was a foreign member: begin afresh, but for the CRS.
                var code = summary.Layer.EpsgCode;
                summary.Dispose();
                document.Dispose();
                summary = new SummaryPass { Layer = { EpsgCode = code } };
                geoJson.Position = origin;
                document = new GeoJsonDocument(geoJson, summary);
                await document.WalkWholeAsync(kind, cancellationToken);
            }

            summary.Columns.Settle();
            return (summary, kind, null);
        }
        catch (NotRepresentableException reason)
        {
            return (summary, default, new FeatureOutcome.NotRepresentable(reason.Message));
        }
        catch (Exception failure) when (failure is GeoJsonException or TooLargeException)
        {
            var offset = document!.Offset + ((failure as GeoJsonException)?.Offset ?? 0);
            var feature = document.FeatureNumber;
            var line = await CountLinesAsync(geoJson, origin, offset, cancellationToken);
            var place = feature > 0 ? $"feature {feature} (line {line}, byte {offset})" : $"line {line}, byte {offset}";
            return (summary, default, new FeatureOutcome.Invalid($"{place}: {failure.Message}"));
        }
        finally
        {
            document?.Dispose();
        }
    }

    /// <summary>Lines count from 1, bytes from 0; only a failure has to know.</summary>
    private static async Task<long> CountLinesAsync(Stream geoJson, long origin, long offset, CancellationToken cancellationToken)
    {
        geoJson.Position = origin;
        var line = 1L;
        var buffer = new byte[1 << 14];
        while (offset > 0 && await geoJson.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, offset)), cancellationToken) is var read and > 0)
        {
            line += buffer.AsSpan(0, read).Count((byte)'\n');
            offset -= read;
        }

        return line;
    }
}
