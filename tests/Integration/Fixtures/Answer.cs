using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>What the server said, read to its end.</summary>
public sealed record Answer(int Status, byte[] Body, HttpResponseHeaders Headers, string? MediaType)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>Of a FeatureCollection.</summary>
    public int FeatureCount => Json.GetProperty("features").GetArrayLength();

    /// <summary>Of a problem: the inputs that it blames, each once.</summary>
    public IReadOnlyList<string> Blamed =>
        [.. Json.GetProperty("mistakes").EnumerateArray().Select(mistake => mistake.GetProperty("place").GetString()!).Distinct()];

    public string MessageFor(string place) =>
        Json.GetProperty("mistakes").EnumerateArray().First(mistake => mistake.GetProperty("place").GetString() == place).GetProperty("message").GetString()!;

    /// <summary>Of a problem: what is said to people.</summary>
    public string Detail => Json.GetProperty("detail").GetString()!;

    /// <summary>The last part of the type of an OGC exception.</summary>
    public string Exception => Json.GetProperty("type").GetString()!.Split('/')[^1];

    /// <summary>A field of its head; empty when it has none of this name.</summary>
    public string Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    public Answer ShouldBe(int status)
    {
        Status.ShouldBe(status, Text.Length > 2000 ? Text[..2000] : Text);
        return this;
    }
}
