using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Files;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace GeoWps.Adapters.Http.Files;

/// <summary>A page of what is in a folder.</summary>
/// <param name="Self">Its own address.</param>
/// <param name="Next">Of the page after it.</param>
internal sealed record FileListing(FileEntry Folder, IReadOnlyList<FileEntry> Entries, string BaseAddress, Caller Caller, string Self, string? Next)
{
    private static readonly string[] _orders = ["name", "modified", "size", "type"];

    public static (FileQuery Query, List<Mistake> Mistakes) Read(IQueryCollection query, FilePath folder, int standard)
    {
        var mistakes = new List<Mistake>(Parameters.Unknown(query, "f", "sort", "recursive", "limit", "after"));
        if (Parameters.Limit(query, standard, FileLibrary.MostListed, out var limit) is { } wrongLimit)
        {
            mistakes.Add(wrongLimit);
        }

        var sort = query["sort"].ToString();
        var order = Array.IndexOf(_orders, sort.TrimStart('-'));
        if (sort.Length > 0 && order < 0)
        {
            mistakes.Add(new Mistake("sort", $"must be one of {string.Join(", ", _orders)}, with - before it for the other way round (got {sort})"));
        }

        var recursive = query["recursive"].ToString();
        if (recursive is not ("" or "true" or "false"))
        {
            mistakes.Add(new Mistake("recursive", $"must be true or false (got {recursive})"));
        }

        var after = query["after"].ToString() is { Length: > 0 } cursor ? EntryOf(cursor) : null;
        if (after is null && query.ContainsKey("after"))
        {
            mistakes.Add(new Mistake("after", "is none that this server has given"));
        }

        return (new FileQuery(folder, new FileViewer(null, false, false), limit)
        {
            IsRecursive = recursive == "true", Order = (FileOrder)Math.Max(0, order), IsDescending = sort.StartsWith('-'), After = after,
        }, mistakes);
    }

    /// <summary>What a page is asked for by, after this entry.</summary>
    public static string CursorOf(FileEntry entry) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes<object[]>(
        [entry.IsFolder, entry.Path.Text, entry.Length, entry.ContentType, entry.Modified.ToUnixTimeMilliseconds()]));

    public IResult AsJson() => new JsonAnswer(json =>
    {
        json.WriteStartObject();
        FileDocument.WriteMembers(json, Folder, BaseAddress, Caller);
        json.WriteNumber("numberReturned", Entries.Count);
        json.WriteStartArray("entries");
        foreach (var entry in Entries)
        {
            FileDocument.Write(json, Inherit(entry), BaseAddress, Caller);
        }

        json.WriteEndArray();
        json.WriteLinks([.. Links(Media.Json)]);
        json.WriteEndObject();
    });

    /// <summary>Where the files are whose content has been read (for their records, or for <c>f=info</c>), as rectangles in degrees; the others have no geometry.</summary>
    public IResult AsGeoJson() => new JsonAnswer(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        json.WriteNumber("numberReturned", Entries.Count(entry => !entry.IsFolder));
        json.WriteStartArray("features");
        foreach (var entry in Entries.Where(entry => !entry.IsFolder))
        {
            WriteFeature(json, Inherit(entry));
        }

        json.WriteEndArray();
        json.WriteLinks([.. Links(Media.GeoJson)]);
        json.WriteEndObject();
    })
    {
        ContentType = Media.GeoJson,
    };

    public IResult AsPage()
    {
        var trail = new List<(string Href, string Name)>();
        for (var folder = Folder.Path.Folder; !Folder.Path.IsRoot && !folder.IsRoot; folder = folder.Folder)
        {
            trail.Insert(0, (FileDocument.AddressOf(BaseAddress, folder, isFolder: true), folder.Name));
        }

        if (!Folder.Path.IsRoot)
        {
            trail.Insert(0, (BaseAddress + "files/", "Files"));
        }

        return new Page(Folder.Path.IsRoot ? "Files" : Folder.Path.Name, BaseAddress, trail, [.. Links(Media.Json)]) { MorePolicy = FilesScript.Policy }.Answer(html =>
        {
            html.Element("section", () => WriteList(html), ("id", "files"), ("data-base", BaseAddress), ("data-path", Folder.Path.Text));
            html.Script(FilesScript.Text);
        });
    }

    /// <summary>What is to be seen without a token and without the script, which puts its own in the place.</summary>
    private void WriteList(HtmlWriter html)
    {
        html.Element("div", "", ("class", "bar"));
        html.Element("ul", "", ("class", "uploads rows"));
        html.Element("p", "", ("role", "status"));
        html.Element("div", () =>
        {
            if (Entries.Count == 0)
            {
                html.Element("p", "Nothing is here, or nothing that you may see.");
                return;
            }

            html.Table(["Name", "Type", "Size", "Modified"], Entries, entry =>
            {
                html.Element("td", () => html.Link(FileDocument.AddressOf(BaseAddress, entry), NameOf(entry)), ("dir", "auto"));
                html.Element("td", entry.IsFolder ? "folder" : entry.ContentType);
                html.Element("td", entry.IsFolder ? "" : SizeOf(entry.Length));
                html.Element("td", entry.Modified.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
            });
            if (Next is not null)
            {
                html.Element("p", () => html.Link(Next, "More"));
            }
        }, ("class", "list"));
    }

    private static string SizeOf(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1024L * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024 / 1024:0.##} GiB"),
    };

    private static FileEntry? EntryOf(string cursor)
    {
        try
        {
            var parts = JsonSerializer.Deserialize<JsonElement[]>(Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(cursor)));
            return parts is [var isFolder, var path, var length, var type, var modified] && FilePath.TryParse(path.GetString()!, out var parsed, out _)
                ? new FileEntry(parsed, isFolder.GetBoolean(), null) { Length = length.GetInt64(), ContentType = type.GetString()!, Modified = DateTimeOffset.FromUnixTimeMilliseconds(modified.GetInt64()) }
                : null;
        }
        catch (Exception reason) when (reason is FormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Below the folder, where all that is below it is listed.</summary>
    private string NameOf(FileEntry entry) => (Folder.Path.IsRoot ? entry.Path.Text : entry.Path.Text[(Folder.Path.Text.Length + 1)..]) + (entry.IsFolder ? "/" : "");

    private FileEntry Inherit(FileEntry entry) => entry with { IsPublic = entry.IsPublic || Folder.IsPublic };

    private IEnumerable<Link> Links(string type)
    {
        yield return new Link(Self, "self", type, "This document");
        yield return Answers.Links.ToPage(Self);
        if (!Folder.Path.IsRoot)
        {
            yield return new Link(FileDocument.AddressOf(BaseAddress, Folder.Path.Folder, isFolder: true), "up", Media.Json, "The folder above");
        }

        if (Next is not null)
        {
            yield return new Link(Next, "next", type, "The next page");
        }
    }

    private void WriteFeature(Utf8JsonWriter json, FileEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteString("id", entry.Path.Text);
        json.WritePropertyName("geometry");
        if (FileContents.ExtentOf(entry.Contents) is [var minX, var minY, var maxX, var maxY])
        {
            json.WriteStartObject();
            json.WriteString("type", "Polygon");
            json.WritePropertyName("coordinates");
            JsonSerializer.Serialize(json, new[] { new[] { new[] { minX, minY }, [maxX, minY], [maxX, maxY], [minX, maxY], [minX, minY] } });
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }

        json.WritePropertyName("properties");
        FileDocument.Write(json, entry, BaseAddress, Caller);
        json.WriteEndObject();
    }
}
