using GeoWps.Adapters.TileSources.PostGis;
using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoWps.Adapters.TileSources.Features;

/// <summary>Features of PostGIS, in the order of the column that tells them apart.</summary>
internal sealed partial class PostGisFeatureStore(PostGisDatabases databases, ILogger<PostGisFeatureStore> logger) : IFeatureStore
{
    /// <summary>A table so large, by the database's estimate, is looked through to count what matches.</summary>
    private const long MostScanned = 100_000;

    public bool Reads(Layer layer) => layer.Source is LayerSource.PostGis { IdColumn: not null };

    public bool IsId(Layer layer, string text) => PostGisFeatureQuery.IsWhole(layer) ? GeoPackageFeatureStore.TryId(text, out _) : text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal);

    public ValueTask<FeatureCursor> OpenAsync(Layer layer, FeatureQuery query, CancellationToken cancellationToken) =>
        new(new PostGisCursor(layer, query, (sql, parameters, read, token) => ReadAsync(layer, sql, parameters, read, token)));

    public async ValueTask<long?> CountAsync(Layer layer, FeatureQuery query, long most, CancellationToken cancellationToken)
    {
        // The number that the layer has is the database's estimate.
        var isSmall = layer.Contents.FeatureCount <= MostScanned;
        if (!isSmall && query.Ids is null && query.Areas is null)
        {
            return null;
        }

        var (sql, parameters) = PostGisFeatureQuery.Count(layer, query, isSmall ? null : most + 1);
        var count = await ReadAsync(layer, sql, parameters, async (reader, token) => await reader.ReadAsync(token) ? reader.GetInt64(0) : 0, cancellationToken);
        return isSmall || count <= most ? count : null;
    }

    public string? VersionOf(Layer layer) => null;

    private async Task<T> ReadAsync<T>(
        Layer layer, string sql, IReadOnlyList<object?> parameters, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var source = (LayerSource.PostGis)layer.Source;
        var database = databases.Find(source.Connection) ?? throw new FeatureStoreException($"the settings have no connection '{source.Connection}'");
        try
        {
            return await databases.ReadAsync(database, sql, parameters, read, cancellationToken);
        }
        catch (Exception failure) when (PostGisFailures.IsOfDatabase(failure) && !cancellationToken.IsCancellationRequested)
        {
            LogFailed(layer.Id, source.Connection, failure);
            var (message, retryAfter) = PostGisFailures.Told(failure, databases.TimeLimit);
            throw new FeatureStoreException(message, failure, retryAfter);
        }
    }

    [LoggerMessage(EventId = 4280, Level = LogLevel.Warning, Message = "Features of {Layer} could not be read from the database {Connection}")]
    private partial void LogFailed(string layer, string connection, Exception failure);
}
