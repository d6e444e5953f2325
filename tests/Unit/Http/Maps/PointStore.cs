using System.Buffers.Binary;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Spatial;

namespace GeoWps.Tests.Unit.Http.Maps;

/// <summary>Features of some layers: points in longitude and latitude, each with its name and a text of markup.</summary>
internal sealed class PointStore : IFeatureStore
{
    public Dictionary<string, (double X, double Y)[]> Points { get; } = new(StringComparer.Ordinal);

    public bool Fails { get; set; }

    public bool Reads(Layer layer) => Points.ContainsKey(layer.Id);

    public bool IsId(Layer layer, string text) => long.TryParse(text, out _);

    public ValueTask<FeatureCursor> OpenAsync(Layer layer, FeatureQuery query, CancellationToken cancellationToken)
    {
        if (Fails)
        {
            throw new FeatureStoreException("the disk is on fire");
        }

        var found = Points[layer.Id].Index().Where(point => query.Areas?.Any(area => area.Contains(new Extent(point.Item.X, point.Item.Y, point.Item.X, point.Item.Y))) ?? true);
        return new(new Cursor(found.Take((int)query.Limit)));
    }

    public ValueTask<long?> CountAsync(Layer layer, FeatureQuery query, long most, CancellationToken cancellationToken) => new(default(long?));

    public string? VersionOf(Layer layer) => null;

    private sealed class Cursor(IEnumerable<(int Index, (double X, double Y) Item)> found) : FeatureCursor
    {
        private readonly IEnumerator<(int Index, (double X, double Y) Item)> _found = found.GetEnumerator();
        private readonly byte[] _geometry = new byte[21];

        public override FeatureId Id => new(_found.Current.Index + 1);

        public override ReadOnlySpan<byte> Geometry => _geometry;

        public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
        {
            if (!_found.MoveNext())
            {
                return new(false);
            }

            (_geometry[0], _geometry[1]) = (1, 1);
            BinaryPrimitives.WriteDoubleLittleEndian(_geometry.AsSpan(5), _found.Current.Item.X);
            BinaryPrimitives.WriteDoubleLittleEndian(_geometry.AsSpan(13), _found.Current.Item.Y);
            return new(true);
        }

        public override void WriteProperties(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            json.WriteString("name", $"<b>{Id}</b>");
            json.WriteNull("height");
            json.WriteEndObject();
        }

        public override ValueTask DisposeAsync() => default;
    }
}
