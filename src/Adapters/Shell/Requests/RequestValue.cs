using System.Text.Json.Nodes;

namespace GeoWps.Adapters.Shell.Requests;

/// <summary>One value of an input, on its way into a request.</summary>
internal abstract record RequestValue
{
    private RequestValue()
    {
    }

    public sealed record Plain(JsonNode? Json) : RequestValue;

    /// <summary>A file whose bytes are JSON and go into the request as they are.</summary>
    public sealed record JsonFile(string Path, string MediaType) : RequestValue;

    /// <summary>A file whose bytes go into the request as base64.</summary>
    public sealed record BinaryFile(string Path, string MediaType) : RequestValue;
}
