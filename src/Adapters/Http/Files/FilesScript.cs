using System.Security.Cryptography;
using System.Text;

namespace GeoWps.Adapters.Http.Files;

/// <summary>The script of the page of files, the only one there is: a resource of this assembly, named in the page's policy by its digest.</summary>
internal static class FilesScript
{
    public static string Text { get; } = Read();

    /// <summary>What the policy of the page allows beyond that of pages: this script, which asks this server only.</summary>
    public static string Policy { get; } = $"; script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'; connect-src 'self'";

    private static string Read()
    {
        using var resource = typeof(FilesScript).Assembly.GetManifestResourceStream("files-page.js")!;
        using var reader = new StreamReader(resource);

        // As a browser reads it: what is digested has no other ends of lines.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
