using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Domain.Nodes;

namespace GeoWps.Application.Nodes;

/// <summary>The document under <c>/health/offer</c>, for who writes it and who reads it.</summary>
public static class NodeOfferDocument
{
    public const string Path = "/health/offer";

    /// <summary>Bytes that a reader takes at most: some ten thousand processes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    public static byte[] Write(NodeOffer offer) => JsonSerializer.SerializeToUtf8Bytes(offer, NodeOfferJson.Default.NodeOffer);

    /// <exception cref="JsonException">It is no offer.</exception>
    public static NodeOffer Read(ReadOnlySpan<byte> document) => JsonSerializer.Deserialize(document, NodeOfferJson.Default.NodeOffer) is { Id.Length: > 0, Services: not null, Processes: not null } offer
        ? offer
        : throw new JsonException("No offer of a node.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NodeOffer))]
internal sealed partial class NodeOfferJson : JsonSerializerContext;
