using System.Buffers;
using System.IO.Compression;

namespace GeoWps.Adapters.Execution.Staging;

/// <summary>Unpacks one file of a zip.</summary>
internal static class ZipEntryCopy
{
    private const int BufferBytes = 80 * 1024;

    /// <summary>One for all: a result must not depend on when its input was packed.</summary>
    private static readonly DateTime LastWrite = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <returns>What is wrong with it; null when it is unpacked.</returns>
    /// <exception cref="InvalidDataException">The zip is damaged.</exception>
    public static async Task<string?> RunAsync(
        ZipArchiveEntry entry, UnpackedFiles target, ZipBudget budget, CancellationToken cancellationToken)
    {
        await using var source = await entry.OpenAsync(cancellationToken);
        await using (var file = target.Create(entry.FullName))
        {
            if (await CopyAsync(entry, source, file, budget, cancellationToken) is { } objection)
            {
                return objection;
            }
        }

        File.SetLastWriteTimeUtc(target.PathOf(entry.FullName), LastWrite);
        return null;
    }

    private static async Task<string?> CopyAsync(
        ZipArchiveEntry entry, Stream source, FileStream file, ZipBudget budget, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        var sum = new Crc32();
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (budget.Spend(read) is { } objection)
                {
                    return objection;
                }

                sum.Add(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        // .NET checks neither, and half a raster would be computed with as if it were whole.
        return file.Position == entry.Length && sum.Value == entry.Crc32
            ? null
            : throw new InvalidDataException($"the file {entry.FullName} in it is damaged");
    }
}
