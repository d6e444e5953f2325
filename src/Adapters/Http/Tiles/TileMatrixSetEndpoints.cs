using System.Collections.Concurrent;
using System.Globalization;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Tiles;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Tiles;

/// <summary>The tile matrix sets of this server: OGC 20-057, recommendation /rec/tileset/tmxslink.</summary>
internal sealed class TileMatrixSetsEndpoint(TileMatrixSets sets) : ApiEndpoint
{
    public override void Configure() => GetAndHead("/tileMatrixSets");

    public override Task<IResult> ExecuteAsync(CancellationToken ct) => Task.FromResult(Represent(Json, Page));

    private JsonAnswer Json()
    {
        var address = BaseAddress + "tileMatrixSets";
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("tileMatrixSets");
            foreach (var set in sets.Ids.Select(id => sets.Find(id)!))
            {
                json.WriteStartObject();
                json.WriteString("id", set.Id);
                json.WriteIfAny("title", set.Title);
                json.WriteIfAny("uri", set.Uri);
                json.WriteString("crs", set.Crs.Uri);
                json.WriteLinks(new Link($"{address}/{set.Id}", "self", Media.Json, set.Title));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteLinks(new Link(address, "self", Media.Json, "This document"), Links.ToPage(address));
            json.WriteEndObject();
        });
    }

    private IResult Page() => new Page("Tile matrix sets", BaseAddress, [], [Links.ToJson(BaseAddress + "tileMatrixSets")]).Answer(html =>
    {
        html.Element("p", "The grids that tiles are made in.");
        html.Table<TileMatrixSet>(["Id", "Title", "CRS", "Matrices"], [.. sets.Ids.Select(id => sets.Find(id)!)], set =>
        {
            html.Element("td", () => html.Link($"{BaseAddress}tileMatrixSets/{set.Id}?f=html", set.Id));
            html.Element("td", set.Title);
            html.Element("td", set.Crs.ToString());
            html.Element("td", set.Matrices.Count.ToString(CultureInfo.InvariantCulture));
        });
    });
}

/// <summary>One of them, as it is registered: OGC 17-083r4, class "JSON TileMatrixSet".</summary>
internal sealed class TileMatrixSetEndpoint(TileMatrixSets sets) : ApiEndpoint
{
    private static readonly ConcurrentDictionary<TileMatrixSet, StoredAnswer> _documents = new();

    public override void Configure() => GetAndHead("/tileMatrixSets/{tileMatrixSet}");

    public override Task<IResult> ExecuteAsync(CancellationToken ct)
    {
        var id = Segment("tileMatrixSet");
        return Task.FromResult(sets.Find(id) is { } set
            ? Represent(() => _documents.GetOrAdd(set, _ => new StoredAnswer(sets.Document(id)!.Value.ToArray(), Media.Json)), () => Page(set))
            : Problems.NoSuchTileMatrixSet(id));
    }

    private IResult Page(TileMatrixSet set) => new Page(
        set.Title ?? set.Id, BaseAddress, [($"{BaseAddress}tileMatrixSets?f=html", "Tile matrix sets")], [Links.ToJson($"{BaseAddress}tileMatrixSets/{set.Id}")]).Answer(html =>
    {
        html.Element("dl", () =>
        {
            html.Fact("Id", set.Id);
            html.Fact("Registered as", set.Uri);
            html.Fact("CRS", set.Crs.ToString());
            html.Fact("Well known scale set", set.WellKnownScaleSet);
        });
        html.Table<TileMatrix>(["Tile matrix", "Scale 1 :", "Cell size", "Tiles", "Pixels a tile"], set.Matrices, matrix =>
        {
            html.Element("td", matrix.Id);
            html.Element("td", matrix.ScaleDenominator.ToString("N0", CultureInfo.InvariantCulture));
            html.Element("td", matrix.CellSize.ToString("G7", CultureInfo.InvariantCulture));
            html.Element("td", string.Create(CultureInfo.InvariantCulture, $"{matrix.MatrixWidth} × {matrix.MatrixHeight}"));
            html.Element("td", string.Create(CultureInfo.InvariantCulture, $"{matrix.TileWidth} × {matrix.TileHeight}"));
        });
    });
}
