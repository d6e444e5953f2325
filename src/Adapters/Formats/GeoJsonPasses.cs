namespace GeoWps.Adapters.Formats;

/// <summary>The first pass: what the header must tell, and whether everything is right.</summary>
internal sealed class SummaryPass : IFeaturePass, IDisposable
{
    private readonly GeometryBuffer _geometry = new();
    private readonly ColumnCollector _collector;

    public SummaryPass() => _collector = new ColumnCollector(Columns);

    public Columns Columns { get; } = new();

    public LayerSummary Layer { get; } = new();

    public FeatureIds Ids => _collector.Ids;

    public void Visit(ReadOnlySpan<byte> text, GeoJsonKind kind)
    {
        FeatureParser.Read(text, kind, _geometry, _collector);
        Layer.Add(_geometry);
    }

    public ValueTask RestAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void VisitCrs(ref JsonCursor cursor) => Layer.EpsgCode = CrsName.Read(ref cursor);

    public void Dispose()
    {
        _geometry.Dispose();
        _collector.Dispose();
    }
}

/// <summary>The second pass: writes header and features.</summary>
internal sealed class WritingPass(Stream output, string name, SummaryPass summary) : IFeaturePass, IDisposable
{
    // Fewer, larger writes; a file stream passes them through.
    private const int FlushAt = 1 << 18;

    private readonly GeometryBuffer _geometry = new();
    private readonly PropertiesWriter _properties = new(summary.Columns, summary.Ids);
    private readonly FlatWriter _writer = new();

    public void Begin() => HeaderWriter.Write(_writer, name, summary.Layer, summary.Columns);

    public void Visit(ReadOnlySpan<byte> text, GeoJsonKind kind)
    {
        FeatureParser.Read(text, kind, _geometry, _properties);
        FeatureWriter.Write(_writer, _geometry, summary.Layer.HasZ, _properties.Bytes.Items);
    }

    public ValueTask RestAsync(CancellationToken cancellationToken) =>
        _writer.Count < FlushAt ? ValueTask.CompletedTask : FlushAsync(cancellationToken);

    public void VisitCrs(ref JsonCursor cursor) => cursor.Skip();

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await output.WriteAsync(_writer.Written, cancellationToken);
        _writer.Clear();
    }

    public void Dispose()
    {
        _geometry.Dispose();
        _properties.Dispose();
        _writer.Dispose();
    }
}
