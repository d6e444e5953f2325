using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application.Ports;
using GeoWps.Domain.Tiles;

namespace GeoWps.Adapters.Execution.Drawing;

/// <summary>Has a process that draws lay tiles over each other: it can read and write pictures, and is locked in while it does.</summary>
internal sealed class QgisComposer(Drawings drawings) : IPictureComposer
{
    public async Task<ReadOnlyMemory<byte>> ComposeAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> pictures, int width, int height, TileFormat format, CancellationToken cancellationToken)
    {
        var path = Path.Combine(drawings.WorkFolder, $"composed-{Guid.NewGuid():N}");
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        try
        {
            foreach (var picture in pictures)
            {
                await file.WriteAsync(picture, cancellationToken);
            }

            var frame = new ComposeFrame(Id: 0, [.. pictures.Select(picture => picture.Length)], width, height, format.Name, path, MemoryMb: 0);
            if ((await drawings.ComposeAsync(frame, cancellationToken)).Lengths is not [var length])
            {
                throw new TileSourceException("It could not be drawn: the tile is missing.");
            }

            var bytes = new byte[length];
            file.Position = 0;
            await file.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
