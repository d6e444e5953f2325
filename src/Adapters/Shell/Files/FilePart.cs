using System.Net;

namespace GeoWps.Adapters.Shell.Files;

/// <summary>A part of a file as the body of a request.</summary>
/// <param name="tell">How many bytes of the file have been sent.</param>
internal sealed class FilePart(string path, long offset, long length, Action<long> tell) : HttpContent
{
    private const int Piece = 128 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        file.Position = offset;
        var (buffer, sent) = (new byte[Piece], 0L);
        while (sent < length)
        {
            var read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(Piece, length - sent)), cancellationToken);
            if (read == 0)
            {
                throw new CommandException($"{path} has become shorter");
            }

            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            sent += read;
            tell(offset + sent);
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
