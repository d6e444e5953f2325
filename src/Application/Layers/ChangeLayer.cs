using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Application.Tiles;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Layers;

/// <summary>Changes settings of a layer; its data stay.</summary>
public sealed class ChangeLayer(LayerCatalogue layers, TileMatrixSets sets, TimeProvider clock)
{
    /// <summary>In the place of all its settings.</summary>
    public Task<ChangeOutcome> ReplaceAsync(string id, LayerSettings settings, CancellationToken cancellationToken) =>
        ChangeAsync(id, (_, _) => settings, cancellationToken);

    /// <summary>A merge patch (RFC 7396) of the layer's form.</summary>
    public Task<ChangeOutcome> PatchAsync(string id, JsonObject patch, CancellationToken cancellationToken) =>
        ChangeAsync(id, (layer, mistakes) => LayerForm.Read(Merged(layer, patch), "", mistakes).Settings, cancellationToken);

    /// <summary>It stays, whatever becomes of the job that made it.</summary>
    public Task<ChangeOutcome> PinAsync(string id, CancellationToken cancellationToken) =>
        ChangeAsync(id, (layer, _) => LayerSettings.Of(layer) with { Expires = null }, cancellationToken);

    private async Task<ChangeOutcome> ChangeAsync(string id, Func<Layer, List<Mistake>, LayerSettings> change, CancellationToken cancellationToken)
    {
        while (await layers.FindStoredAsync(id, cancellationToken) is { } before)
        {
            var mistakes = new List<Mistake>();
            var settings = change(before, mistakes);
            if (settings.Id is { } other && other != id)
            {
                mistakes.Add(new Mistake("/id", "can't be changed"));
            }

            LayerPublication.Check(settings, before.Contents, OnlyFormatOf(before), mistakes);

            // One that the layer had may have been taken away since; that is no fault of this change.
            LayerPublication.CheckSets(settings.Tiles.TileMatrixSets.Except(before.Tiles.TileMatrixSets, StringComparer.Ordinal), sets, mistakes);
            if (mistakes.Count > 0)
            {
                return new ChangeOutcome.Refused(mistakes);
            }

            var next = Bound(settings.ApplyTo(before), before) with { Updated = Now, Revision = before.Revision + 1 };
            if (await layers.TryReplaceAsync(next, tilesStay: SameTiles(before, next), cancellationToken))
            {
                return new ChangeOutcome.Changed(next);
            }
        }

        return new ChangeOutcome.Unknown(id);
    }

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    private static JsonElement Merged(Layer layer, JsonObject patch) =>
        JsonElement.Parse(Merge(LayerDocument.Settings(LayerSettings.Of(layer)), patch)!.ToJsonString());

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var merged = target as JsonObject is { } whole ? (JsonObject)whole.DeepClone() : [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = Merge(merged[name], value);
            }
        }

        return merged;
    }

    /// <summary>Other servers and archives have tiles of one format.</summary>
    private static Domain.Tiles.TileFormat? OnlyFormatOf(Layer layer) =>
        layer.Source.Kind is SourceKind.Upstream or SourceKind.Tiles ? layer.Formats[0] : null;

    /// <summary>What others made is what it is: of it no setting makes more sets or formats, and of an archive none more zooms, nor another name inside its tiles.</summary>
    private static Layer Bound(Layer next, Layer before) => before.Source.Kind switch
    {
        SourceKind.Tiles => OfArchive(next, before),
        SourceKind.Upstream => next with { Tiles = next.Tiles with { TileMatrixSets = before.Tiles.TileMatrixSets, Formats = before.Tiles.Formats } },
        SourceKind.GeoPackage or SourceKind.PostGis or SourceKind.Drawn => next,
    };

    private static Layer OfArchive(Layer next, Layer before) => next with
    {
        Tiles = next.Tiles with
        {
            TileMatrixSets = before.Tiles.TileMatrixSets,
            Formats = before.Tiles.Formats,
            Name = before.Tiles.Name,
            MinLevel = Math.Max(next.Tiles.MinLevel, before.Tiles.MinLevel),
            MaxLevel = Math.Min(next.Tiles.MaxLevel, before.Tiles.MaxLevel),
        },
    };

    /// <summary>Compared as documents: lists that hold the same are the same.</summary>
    private static bool SameTiles(Layer one, Layer other) => TilesOf(one) == TilesOf(other);

    private static string TilesOf(Layer layer)
    {
        var settings = LayerDocument.Settings(new LayerSettings { Tiles = layer.Tiles with { TileMatrixSets = [], Formats = [], MinLevel = 0, MaxLevel = 22 }, Style = layer.Style });
        return $"{settings["tiles"]}{settings["style"]}{(layer.Caching.Encoding, layer.Caching.Enabled)}";
    }
}

public abstract record ChangeOutcome
{
    private ChangeOutcome()
    {
    }

    public sealed record Changed(Layer Layer) : ChangeOutcome;

    public sealed record Unknown(string Id) : ChangeOutcome;

    public sealed record Refused(IReadOnlyList<Mistake> Mistakes) : ChangeOutcome;
}
