using System.Text.Json;

namespace GeoWps.Domain.Processes;

/// <summary>What a run gave for one output, as it is kept with the job.</summary>
public abstract record OutputValue(string Id)
{
    /// <summary>The layer that it was published as, on its request's wish.</summary>
    public string? Layer { get; init; }

    /// <summary>A value of JSON: number, string, boolean, array, box; or an object with its media type.</summary>
    public sealed record Literal(string Id, JsonElement Json, string? MediaType = null) : OutputValue(Id);

    /// <summary>Content in the blob store.</summary>
    /// <param name="Key">Its key; holds the attempt that made it.</param>
    /// <param name="Name">A file name for who saves it, such as <c>OUTPUT.gpkg</c>.</param>
    /// <param name="Length">Bytes.</param>
    /// <param name="Sidecars">Files beside it by the relative names that its content uses (the schema of a GML document).</param>
    public sealed record Content(string Id, string Key, string MediaType, string Name, long Length, IReadOnlyList<Sidecar> Sidecars) : OutputValue(Id);

    /// <summary>Several values of one output, in order (an output that occurs more than once).</summary>
    public sealed record Many(string Id, IReadOnlyList<OutputValue> Values) : OutputValue(Id);
}

/// <summary>A file beside an output's content.</summary>
public sealed record Sidecar(string Name, string Key, string MediaType, long Length);
