using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Win32.SafeHandles;

namespace GeoWps.Adapters.Http.Transport;

/// <summary>Content that goes from where it is kept to the socket without being copied. Only for one that writes the body of the one answer of its connection: <see cref="DirectContent.Of"/>.</summary>
internal interface IDirectContent
{
    /// <param name="body">Of an answer whose head is written.</param>
    /// <param name="content">Does not change any more.</param>
    void Write(PipeWriter body, ReadOnlyMemory<byte> content);

    /// <summary>The same of a file, which never comes into this process. Reading it may wait for the disk: the thread of the sockets is not for that.</summary>
    /// <param name="file">Does not change any more. It may be closed at once.</param>
    /// <param name="length">Bytes from <paramref name="offset"/> on, at most <see cref="DirectContent.Most"/>.</param>
    /// <returns>Whether it was taken; if not, nothing was written.</returns>
    bool TryWrite(PipeWriter body, SafeFileHandle file, long offset, int length);
}

internal static class DirectContent
{
    /// <summary>Bytes that are written at once.</summary>
    public const int Most = 1 << 20;

    /// <returns><see langword="null"/> where something lies between the answer and the socket: encryption, or other answers (HTTP/2), which would be written while this one is.</returns>
    public static IDirectContent? Of(HttpContext context) =>
        context.Features.Get<IDirectContent>() is { } direct && context.Features.Get<ITlsConnectionFeature>() is null && HttpProtocol.IsHttp11(context.Request.Protocol) ? direct : null;
}
