using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;

namespace GeoWps.Adapters.Http.Files;

/// <summary>A file or a folder as JSON.</summary>
internal static class FileDocument
{
    /// <summary>A folder's ends in a slash.</summary>
    public static string AddressOf(string baseAddress, FileEntry entry) => AddressOf(baseAddress, entry.Path, entry.IsFolder);

    public static string AddressOf(string baseAddress, FilePath path, bool isFolder) =>
        $"{baseAddress}files/{string.Join('/', path.Text.Split('/').Select(Uri.EscapeDataString))}{(isFolder && !path.IsRoot ? "/" : "")}";

    /// <param name="caller">Whoever is no stranger is told whose it is.</param>
    public static void Write(Utf8JsonWriter json, FileEntry entry, string baseAddress, Caller caller)
    {
        json.WriteStartObject();
        WriteMembers(json, entry, baseAddress, caller);
        json.WriteEndObject();
    }

    public static void WriteMembers(Utf8JsonWriter json, FileEntry entry, string baseAddress, Caller caller)
    {
        json.WriteString("path", entry.Path.Text);
        json.WriteString("name", entry.Path.Name);
        json.WriteString("kind", entry.IsFolder ? "folder" : "file");
        json.WriteString("href", AddressOf(baseAddress, entry));
        if (!entry.IsFolder)
        {
            json.WriteString("type", entry.ContentType);
            json.WriteNumber("length", entry.Length);
            json.WriteString("etag", entry.ETag);
            json.WriteIfAny("sha256", entry.Sha256);
        }

        if (!entry.Path.IsRoot)
        {
            json.WriteString("modified", entry.Modified.UtcDateTime);
        }

        if (caller.IsAdministrator || entry.Owner == caller.Name)
        {
            json.WriteIfAny("owner", entry.Owner);
        }

        json.WriteBoolean("public", entry.IsPublic);
    }
}
