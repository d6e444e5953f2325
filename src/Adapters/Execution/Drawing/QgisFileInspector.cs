using System.Text.Json;
using GeoWps.Adapters.Execution.Staging;
using GeoWps.Adapters.Execution.Workers;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution.Drawing;

/// <summary>Has a process that draws, locked in as it is, open a copy of a file in a folder of its own.</summary>
internal sealed class QgisFileInspector(Drawings drawings, IOptions<RequestLimits> limits) : IFileInspector
{
    /// <summary>Unpacked bytes for each byte that an input may have.</summary>
    private const int MostUnpacked = 4;

    private static readonly byte[] _zip = "PK\u0003\u0004"u8.ToArray();

    public async Task<string> InspectAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(drawings.WorkFolder, $"inspected-{Guid.NewGuid():N}");
        PrivateFolder.Make(folder);
        try
        {
            var path = Path.Combine(folder, "file" + Path.GetExtension(name).ToLowerInvariant());
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
            {
                await write(file, cancellationToken);
            }

            if (IsZip(path))
            {
                var unpacked = Path.Combine(folder, "data");
                string? main = null;
                var outcome = await SafeZip.ExtractAsync(
                    path, unpacked, new SafeZipLimits(MostUnpacked * limits.Value.MaxInputBytes), cancellationToken, isWanted: files => (main = SafeZip.MainFile(files)) is not null);
                if (outcome is not UnzipOutcome.Extracted || main is null)
                {
                    return FileContents.Nothing;
                }

                path = Path.Combine(unpacked, main);
            }

            return (await drawings.DescribeAsync(new DrawnSource("file", path, folder), cancellationToken)).Contents is { ValueKind: JsonValueKind.Object } contents
                ? contents.GetRawText() : FileContents.Nothing;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsZip(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[_zip.Length];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan().SequenceEqual(_zip);
    }
}
