using GeoWps.Adapters.Http.Answers;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>A tilesets list: OGC 20-057, 8.2.</summary>
internal static class TilesetList
{
    public static JsonAnswer Json(string address, IReadOnlyList<TilesetView> views) => new(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("tilesets");
        foreach (var view in views)
        {
            TilesetDocument.Write(json, view, inList: true);
        }

        json.WriteEndArray();
        json.WriteLinks(new Link(address, "self", Media.Json, "This document"), Links.ToPage(address));
        json.WriteEndObject();
    });
}
