using System.IO.Pipelines;
using GeoWps.Adapters.Http.Transport;
using GeoWps.Application.Ports;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Results;

/// <summary>Moves a stream into a pipe without a buffer of its own.</summary>
internal static class PipeCopy
{
    private const int Piece = 64 * 1024;

    // Kestrel gives a client that takes nothing the time of a piece at its least rate.
    private const int FilePiece = 256 * 1024;

    /// <summary>Sends what is left of an opened blob; a file of this node goes to the socket by the kernel alone, where nothing lies between.</summary>
    /// <param name="length">Bytes from where its content stands.</param>
    public static async Task SendAsync(HttpContext context, Blob blob, long length)
    {
        var (body, cancellationToken) = (context.Response.BodyWriter, context.RequestAborted);
        if (blob.Content is FileStream file && DirectContent.Of(context) is { } direct)
        {
            await context.Response.StartAsync(cancellationToken);
            for (var at = file.Position; length > 0 && direct.TryWrite(body, file.SafeFileHandle, at, (int)Math.Min(length, FilePiece)); at += FilePiece, length -= FilePiece)
            {
                if ((await body.FlushAsync(cancellationToken)).IsCompleted)
                {
                    return;
                }
            }
        }

        await CopyAsync(blob.Content, body, cancellationToken, length);
    }

    /// <param name="mostBytes">That are copied.</param>
    public static async Task CopyAsync(Stream from, PipeWriter to, CancellationToken cancellationToken, long mostBytes = long.MaxValue)
    {
        for (long left = mostBytes; left > 0;)
        {
            // What is small goes out with the head of the answer.
            var memory = to.GetMemory((int)Math.Min(Piece, left));
            var read = await from.ReadAsync(memory.Length > left ? memory[..(int)left] : memory, cancellationToken);
            left -= read;
            if (read == 0)
            {
                return;
            }

            to.Advance(read);
            await to.FlushAsync(cancellationToken);
        }
    }
}
