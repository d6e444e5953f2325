using System.Diagnostics.CodeAnalysis;

namespace GeoWps.Adapters.Formats;

/// <summary>Text that is no GeoJSON; never leaves this assembly, it becomes an outcome.</summary>
/// <param name="offset">Bytes from the beginning of what the cursor looks at; the document adds where that lies in the stream.</param>
internal sealed class GeoJsonException(int offset, string message) : Exception(message)
{
    public int Offset { get; } = offset;
}

/// <summary>GeoJSON that FlatGeobuf can not hold as QGIS would read it; becomes an outcome as well.</summary>
internal sealed class NotRepresentableException(string message) : Exception(message)
{
    [DoesNotReturn]
    public static void Throw(string message) => throw new NotRepresentableException(message);
}
