using System.Buffers;
using System.Text;
using System.Text.Json;
using GeoWps.Application.Features;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Records;

/// <summary>The values of a layer's <see cref="Layer.SearchFields"/>, each once: its record is found by them.</summary>
public sealed class LayerValues(LayerFeatures features, ThisNode node, IOptions<RecordsOptions> options)
{
    private const int MostFeatures = 1_000_000;

    /// <summary>Whether there are any.</summary>
    public bool Has(Layer layer) => layer.SearchFields.Count > 0 && features.Has(layer);

    /// <summary>Whether the data lie where this node can read them.</summary>
    public bool IsHere(Layer layer) => layer.Home is null || layer.Home == node.Name;

    /// <inheritdoc cref="IFeatureStore.VersionOf"/>
    public string? VersionOf(Layer layer) => features.VersionOf(layer);

    /// <returns>One in each line, as far as <see cref="RecordsOptions.MaxTextKb"/> goes; <see langword="null"/> where they can't be read now.</returns>
    public async Task<string?> ReadAsync(Layer layer, CancellationToken cancellationToken)
    {
        var fields = layer.Contents.Fields.Where(field => layer.SearchFields.Contains(field.Name)).ToList();
        var (seen, text, most) = (new HashSet<string>(StringComparer.Ordinal), new StringBuilder(), options.Value.MaxTextKb * 1024);
        var buffer = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(buffer);
        try
        {
            await using var cursor = await features.OpenAsync(layer, new FeatureQuery { Fields = fields, Limit = MostFeatures }, cancellationToken);
            while (text.Length < most && await cursor.ReadAsync(cancellationToken))
            {
                buffer.ResetWrittenCount();
                json.Reset(buffer);
                cursor.WriteProperties(json);
                await json.FlushAsync(cancellationToken);
                Add(buffer.WrittenSpan, seen, text);
            }
        }
        catch (FeatureStoreException)
        {
            return null;
        }

        return text.ToString();
    }

    private static void Add(ReadOnlySpan<byte> properties, HashSet<string> seen, StringBuilder text)
    {
        var reader = new Utf8JsonReader(properties);
        while (reader.Read())
        {
            var value = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString(),
                JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                _ => null,
            };
            if (value is { Length: > 0 } && seen.Add(value))
            {
                text.Append(value).Append('\n');
            }
        }
    }
}
