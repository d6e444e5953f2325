using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Files;

/// <summary>A blob whose content is a file here: what wants it as a file of its own has it by the kernel.</summary>
internal sealed class FileBlob(BlobInfo info, Stream content, string path) : Blob(info, content, path)
{
    public override Task CopyToAsync(Stream destination, CancellationToken cancellationToken)
    {
        if (Content is not FileStream { Position: 0 } source || destination is not FileStream target)
        {
            return base.CopyToAsync(destination, cancellationToken);
        }

        // It holds its thread.
        return Task.Run(() => target.Position = FileJoin.Copy(source.SafeFileHandle, target.SafeFileHandle, target.Position, cancellationToken), cancellationToken);
    }
}
