namespace GeoWps.Adapters.Formats;

/// <summary>Writes FlatGeobuf geometries as GeoJSON. Curves become lines, surfaces become polygons; m is left out.</summary>
internal sealed class GeometryJson(Pooled<byte> output, int maxDecimals) : IDisposable
{
    private const int DeepestNesting = 32;

    private readonly VertexWriter _vertices = new(output, maxDecimals);
    private readonly CurveLine _curve = new();
    private bool _hasZ;
    private long _room;

    /// <summary>
    /// Writes the geometry, or <c>null</c> when it has coordinates that are infinite or not a number: JSON has none, and GDAL does the same.
    /// </summary>
    /// <param name="size">Bytes of the feature. Each part and vertex must have its own, so that a small file can not unfold into a large one.</param>
    public void Write(FlatTable geometry, GeometryType type, bool hasZ, int size)
    {
        var start = output.Count;
        _hasZ = hasZ;
        _room = size;
        _vertices.SawNonFinite = false;
        Write(new GeometryView(geometry, type, hasZ), 0);
        if (_vertices.SawNonFinite)
        {
            output.Truncate(start);
            output.AddRange("null"u8);
        }
    }

    public void Dispose() => _curve.Dispose();

    private void Write(GeometryView geometry, int depth)
    {
        Charge(geometry, depth);
        switch (geometry.Type)
        {
            case GeometryType.Point:
                Begin("Point"u8);
                WritePoint(geometry);
                break;
            case GeometryType.MultiPoint:
                Begin("MultiPoint"u8);
                _vertices.Line(geometry.Xy, geometry.Z);
                break;
            case GeometryType.LineString or GeometryType.CircularString or GeometryType.CompoundCurve or GeometryType.Curve:
                Begin("LineString"u8);
                WriteCurve(geometry, depth);
                break;
            case GeometryType.MultiLineString:
                Begin("MultiLineString"u8);
                WriteLines(geometry);
                break;
            case GeometryType.MultiCurve:
                Begin("MultiLineString"u8);
                WriteParts(geometry, GeometryType.LineString, depth, WriteChargedCurve);
                break;
            case GeometryType.Polygon or GeometryType.Triangle or GeometryType.CurvePolygon or GeometryType.Surface:
                Begin("Polygon"u8);
                WritePolygon(geometry, depth);
                break;
            case GeometryType.MultiPolygon or GeometryType.MultiSurface or GeometryType.PolyhedralSurface or GeometryType.Tin:
                Begin("MultiPolygon"u8);
                WritePolygons(geometry, depth);
                break;
            case GeometryType.GeometryCollection:
                output.AddRange("{\"type\":\"GeometryCollection\",\"geometries\":"u8);
                WriteParts(geometry, GeometryType.Unknown, depth, Write);
                break;
            default:
                throw new DamagedFlatBufferException($"a geometry of unknown type {(int)geometry.Type}");
        }

        output.Add((byte)'}');
    }

    private delegate void PartWriter(GeometryView part, int depth);

    private void WriteParts(GeometryView geometry, GeometryType type, int depth, PartWriter write)
    {
        output.Add((byte)'[');
        for (var i = 0; i < geometry.Parts; i++)
        {
            Separate(i);
            write(geometry.Part(i, type, _hasZ), depth + 1);
        }

        output.Add((byte)']');
    }

    private void WritePoint(GeometryView point)
    {
        // GEOS has POINT EMPTY as a point whose numbers are none.
        if (point.Vertices == 0 || double.IsNaN(point.Xy[0]))
        {
            output.AddRange("[]"u8);
            return;
        }

        _vertices.Position(point.Xy[0], point.Xy[1], point.Z.IsEmpty ? 0 : point.Z[0], !point.Z.IsEmpty);
    }

    private void WriteLines(GeometryView geometry)
    {
        output.Add((byte)'[');
        for (var i = 0; i < geometry.Lines; i++)
        {
            Separate(i);
            geometry.Line(i, out var xy, out var z);
            _vertices.Line(xy, z);
        }

        output.Add((byte)']');
    }

    private void WriteChargedCurve(GeometryView curve, int depth)
    {
        Charge(curve, depth);
        WriteCurve(curve, depth);
    }

    private void WriteCurve(GeometryView curve, int depth)
    {
        if (curve.Type is GeometryType.LineString or GeometryType.Curve)
        {
            _vertices.Line(curve.Xy, curve.Z);
            return;
        }

        _curve.Clear();
        AddToCurve(curve, depth);
        _vertices.Line(_curve.Xy, _hasZ ? _curve.Z : default);
    }

    private void AddToCurve(GeometryView curve, int depth)
    {
        if (curve.Type == GeometryType.CompoundCurve)
        {
            for (var i = 0; i < curve.Parts; i++)
            {
                var part = curve.Part(i, GeometryType.LineString, _hasZ);
                Charge(part, depth + 1);
                AddToCurve(part, depth + 1);
            }
        }
        else if (curve.Type == GeometryType.CircularString)
        {
            _curve.AddArcs(curve.Xy, curve.Z);
        }
        else
        {
            _curve.AddLine(curve.Xy, curve.Z);
        }
    }

    private void WritePolygon(GeometryView polygon, int depth)
    {
        if (polygon.Parts > 0)
        {
            WriteParts(polygon, GeometryType.LineString, depth, WriteChargedCurve);
        }
        else
        {
            WriteLines(polygon);
        }
    }

    private void WriteChargedPolygon(GeometryView polygon, int depth)
    {
        Charge(polygon, depth);
        WritePolygon(polygon, depth);
    }

    private void WritePolygons(GeometryView geometry, int depth)
    {
        if (geometry.Parts > 0 || geometry.Type != GeometryType.Tin)
        {
            WriteParts(geometry, GeometryType.Polygon, depth, WriteChargedPolygon);
            return;
        }

        // A TIN's triangles are the rings of one table.
        output.Add((byte)'[');
        for (var i = 0; i < geometry.Lines; i++)
        {
            Separate(i);
            geometry.Line(i, out var xy, out var z);
            output.Add((byte)'[');
            _vertices.Line(xy, z);
            output.Add((byte)']');
        }

        output.Add((byte)']');
    }

    private void Begin(ReadOnlySpan<byte> type)
    {
        output.AddRange("{\"type\":\""u8);
        output.AddRange(type);
        output.AddRange("\",\"coordinates\":"u8);
    }

    private void Separate(int index)
    {
        if (index > 0)
        {
            output.Add((byte)',');
        }
    }

    private void Charge(GeometryView geometry, int depth)
    {
        // Its place in the vector, its table and its vectors, none of which another geometry needs to share.
        _room -= 8 + (8L * geometry.Xy.Length) + (8L * geometry.Z.Length) + (4L * geometry.Ends.Length);
        if (depth > DeepestNesting || _room < 0)
        {
            throw new DamagedFlatBufferException("geometries nested too deep, or parts that are used twice");
        }
    }
}
