using System.Buffers.Binary;
using System.IO.Compression;

namespace GeoWps.Tests.Unit.Execution.Staging;

/// <summary>Zip files as nobody's program would pack them.</summary>
internal static class ZipBuilder
{
    public static byte[] Of(params string[] names) => Of(names.Select(name => (name, name.EndsWith('/') ? [] : "content"u8.ToArray(), 0)));

    public static byte[] OfOne(string name, byte[] content, int attributes = 0) => Of([(name, content, attributes)]);

    public static byte[] Of(IEnumerable<(string Name, byte[] Content, int Attributes)> files)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content, attributes) in files)
            {
                var entry = zip.CreateEntry(name);
                entry.ExternalAttributes = attributes;
                using var stream = entry.Open();
                stream.Write(content);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>Changes a field of the first entry in the list of files (APPNOTE 4.3.12).</summary>
    public static byte[] WithField(byte[] zip, int offset, uint value)
    {
        var copy = zip.ToArray();
        var at = copy.AsSpan().IndexOf("PK\u0001\u0002"u8) + offset;
        BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(at), value);
        return copy;
    }

    public static byte[] Encrypted(byte[] zip)
    {
        var copy = zip.ToArray();
        copy[copy.AsSpan().IndexOf("PK\u0001\u0002"u8) + 8] |= 1;
        copy[copy.AsSpan().IndexOf("PK\u0003\u0004"u8) + 6] |= 1;
        return copy;
    }
}
