using System.Globalization;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using Microsoft.Data.Sqlite;

namespace GeoWps.Adapters.TileSources.Features;

/// <summary>Features of GeoPackages (OGC 12-128r18), in the order of their primary keys, found by the R-tree.</summary>
internal sealed class GeoPackageFeatureStore(ILayerFiles files) : IFeatureStore
{
    /// <summary>
    /// Up to so many features of an area are taken out of the R-tree at once; where there are more, the table is read in its order, past those elsewhere: a page
    /// of what is dense is full soon, and no page costs as much as the whole area.
    /// </summary>
    internal const int MostFromTree = 20_000;

    /// <summary>A table so large is looked through to count what matches.</summary>
    private const long MostScanned = 100_000;

    public bool Reads(Layer layer) => layer.Source.Kind == SourceKind.GeoPackage;

    public bool IsId(Layer layer, string text) => TryId(text, out _);

    public ValueTask<FeatureCursor> OpenAsync(Layer layer, FeatureQuery query, CancellationToken cancellationToken)
    {
        try
        {
            var table = Open(layer);
            try
            {
                return new ValueTask<FeatureCursor>(table.Read(query, query.Fields ?? layer.Contents.Fields, fromTree: IsSparse(table, query, MostFromTree), cancellationToken));
            }
            catch
            {
                table.Dispose();
                throw;
            }
        }
        catch (SqliteException failure)
        {
            throw Failed(failure);
        }
    }

    public async ValueTask<long?> CountAsync(Layer layer, FeatureQuery query, long most, CancellationToken cancellationToken)
    {
        if (query is { Areas: null, Time: null, Matches.Count: 0, Ids: null } && IsOwn(layer) && layer.Contents.FeatureCount is { } all)
        {
            return all;
        }

        try
        {
            using var table = Open(layer);
            if (query.Areas is not null ? !table.HasTree || !IsSparse(table, query, most) : !(layer.Contents.FeatureCount <= MostScanned || query.Ids is not null))
            {
                return null;
            }

            await using var cursor = table.Read(query with { After = null, Limit = long.MaxValue }, [], fromTree: true, cancellationToken);
            var count = 0L;
            while (await cursor.ReadAsync(cancellationToken))
            {
                count++;
            }

            return count;
        }
        catch (SqliteException failure)
        {
            throw Failed(failure);
        }
    }

    public string? VersionOf(Layer layer)
    {
        var revision = string.Create(CultureInfo.InvariantCulture, $"{layer.Created.UtcTicks:x}.{layer.Revision:x}");
        if (IsOwn(layer))
        {
            return revision;
        }

        // Somebody else's: he may write to it whenever he likes.
        var file = new FileInfo(PathOf(layer));
        return file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{revision}.{file.LastWriteTimeUtc.Ticks:x}.{file.Length:x}") : null;
    }

    internal static FeatureStoreException Failed(Exception failure) => new("The layer's data can't be read.", failure, TimeSpan.FromSeconds(10));

    internal static bool TryId(string text, out long id) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id);

    private static bool IsOwn(Layer layer) => !Path.IsPathRooted(((LayerSource.GeoPackage)layer.Source).Path);

    private static bool IsSparse(GeoPackageFeatures table, FeatureQuery query, long most) => query.Areas is { } areas && table.HasTree && table.CountInTree(areas, most + 1) <= most;

    private string PathOf(Layer layer) => files.PathOf(layer.Id, ((LayerSource.GeoPackage)layer.Source).Path);

    private GeoPackageFeatures Open(Layer layer)
    {
        var path = PathOf(layer);
        return File.Exists(path) ? new GeoPackageFeatures(path, ((LayerSource.GeoPackage)layer.Source).Table)
            : throw new FeatureStoreException("The layer's data are not there.", retryAfter: TimeSpan.FromSeconds(10));
    }
}
