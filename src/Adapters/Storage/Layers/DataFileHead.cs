using System.IO.Compression;
using System.Text;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Storage.Layers;

/// <summary>What a file is, by how it begins.</summary>
internal static class DataFileHead
{
    private const int Length = 512;

    public static DataFileKind KindOf(string path)
    {
        var head = new byte[Length];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var read = head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        return IsSqlite(read) ? DataFileKind.Sqlite
            : read is [0x49, 0x49, 0x2A or 0x2B, 0, ..] or [0x4D, 0x4D, 0, 0x2A or 0x2B, ..] ? DataFileKind.GeoTiff
            : read.StartsWith("PMTiles"u8) ? DataFileKind.PmTiles
            : IsProject(read, file) ? DataFileKind.Project
            : DataFileKind.Unknown;
    }

    public static bool IsSqlite(ReadOnlySpan<byte> head) => head.StartsWith("SQLite format 3\0"u8);

    private static bool IsProject(ReadOnlySpan<byte> head, Stream file)
    {
        if (!head.StartsWith("PK"u8))
        {
            var text = Encoding.UTF8.GetString(head);
            return text.Contains("<qgis", StringComparison.Ordinal) || text.Contains("<!DOCTYPE qgis", StringComparison.Ordinal);
        }

        try
        {
            file.Position = 0;
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            return zip.Entries.Any(entry => entry.FullName.EndsWith(".qgs", StringComparison.OrdinalIgnoreCase));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
