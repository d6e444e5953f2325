using System.Buffers;
using System.Text.Json;
using GeoWps.Domain.Spatial;
using GeoWps.Domain.Tiles;

namespace GeoWps.Application.Tiles;

/// <summary>Writes a tile matrix set as its JSON document: OGC 17-083r4, Annex B, <c>tileMatrixSet.json</c>.</summary>
public static class TileMatrixSetWriter
{
    /// <param name="id">In the place of its own.</param>
    public static byte[] Write(TileMatrixSet set, string id)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            if (set.Title is { } title)
            {
                json.WriteString("title", title);
            }

            json.WriteString("crs", set.Crs.Uri);

            // Points stand in the order of these, 6.1.1.1: so there is nothing to guess.
            json.WriteStartArray("orderedAxes");
            foreach (var axis in set.OrderedAxes is { Count: > 0 } given ? given : AxisOrder.IsYFirst(set.Crs) ? ["Y", "X"] : (string[])["X", "Y"])
            {
                json.WriteStringValue(axis);
            }

            json.WriteEndArray();
            json.WriteStartArray("tileMatrices");
            foreach (var matrix in set.Matrices)
            {
                Write(json, matrix, set.OrderedAxes.Count > 0 ? set.YFirst : AxisOrder.IsYFirst(set.Crs));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, TileMatrix matrix, bool yFirst)
    {
        json.WriteStartObject();
        json.WriteString("id", matrix.Id);
        json.WriteNumber("scaleDenominator", matrix.ScaleDenominator);
        json.WriteNumber("cellSize", matrix.CellSize);
        json.WriteString("cornerOfOrigin", matrix.CornerOfOrigin switch { CornerOfOrigin.TopLeft => "topLeft", CornerOfOrigin.BottomLeft => "bottomLeft" });
        json.WriteStartArray("pointOfOrigin");
        json.WriteNumberValue(yFirst ? matrix.OriginY : matrix.OriginX);
        json.WriteNumberValue(yFirst ? matrix.OriginX : matrix.OriginY);
        json.WriteEndArray();
        json.WriteNumber("tileWidth", matrix.TileWidth);
        json.WriteNumber("tileHeight", matrix.TileHeight);
        json.WriteNumber("matrixWidth", matrix.MatrixWidth);
        json.WriteNumber("matrixHeight", matrix.MatrixHeight);
        if (matrix.VariableMatrixWidths.Count > 0)
        {
            json.WriteStartArray("variableMatrixWidths");
            foreach (var (coalesce, minTileRow, maxTileRow) in matrix.VariableMatrixWidths)
            {
                json.WriteStartObject();
                json.WriteNumber("coalesce", coalesce);
                json.WriteNumber("minTileRow", minTileRow);
                json.WriteNumber("maxTileRow", maxTileRow);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
