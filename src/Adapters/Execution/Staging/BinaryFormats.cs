using System.Buffers.Binary;
using GeoWps.Adapters.Execution.Catalogue;

namespace GeoWps.Adapters.Execution.Staging;

/// <summary>
/// Formats by the signature in their first bytes. Those that no driver of ours reads are here too, under the unknown type
/// and their own extension: so nobody's declaration makes GDAL try them.
/// </summary>
internal static class BinaryFormats
{
    private const int ShapefileCode = 9994;

    public static DataKind? Identify(ReadOnlySpan<byte> head, DeclaredName name)
    {
        if (head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8))
        {
            return new DataKind(DataFormats.Zip, "zip");
        }

        // MBTiles and other SQLite files come here as well; the GeoPackage driver turns them away with a message.
        if (head.StartsWith("SQLite format 3\0"u8))
        {
            return new DataKind(DataFormats.GeoPackage, "gpkg");
        }

        if (head.StartsWith("fgb\u0003fgb"u8))
        {
            return new DataKind(DataFormats.FlatGeobuf, "fgb");
        }

        return Image(head) ?? Shapefile(head, name) ?? Foreign(head);
    }

    private static DataKind? Image(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8) || head.StartsWith("II+\0"u8) || head.StartsWith("MM\0+"u8))
        {
            return new DataKind(DataFormats.GeoTiff, "tif");
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            return new DataKind(DataFormats.Png, "png");
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return new DataKind(DataFormats.Jpeg, "jpg");
        }

        var isJpeg2000 = head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A])
            || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x4F, 0xFF, 0x51]);
        return isJpeg2000 ? new DataKind("image/jp2", "jp2") : null;
    }

    private static DataKind? Shapefile(ReadOnlySpan<byte> head, DeclaredName name)
    {
        if (head.Length < sizeof(int) || BinaryPrimitives.ReadInt32BigEndian(head) != ShapefileCode)
        {
            return null;
        }

        // The index has the same header as the main file: only its name tells them apart.
        return name.Extension == "shx" ? new DataKind(DataFormats.Unknown, "shx") : new DataKind("application/vnd.shp", "shp");
    }

    private static DataKind? Foreign(ReadOnlySpan<byte> head)
    {
        var extension = head switch
        {
            _ when head.Length > 4 && head[0] == 0x89 && head[1..].StartsWith("HDF\r"u8) => "h5",
            _ when head.StartsWith("CDF"u8) && head.Length > 3 && head[3] is (1 or 2 or 5) => "nc",
            _ when head.StartsWith("%PDF"u8) => "pdf",
            _ when head.StartsWith("GIF8"u8) => "gif",
            _ => null,
        };
        return extension is null ? null : new DataKind(DataFormats.Unknown, extension);
    }
}
