using System.IO.Pipelines;

namespace GeoWps.Adapters.Http.Transport;

/// <summary>Content that goes from where it is kept to the socket without being copied.</summary>
internal interface IDirectContent
{
    /// <param name="body">Of an answer whose head is written.</param>
    /// <param name="content">Does not change any more.</param>
    void Write(PipeWriter body, ReadOnlyMemory<byte> content);
}
