using GeoWps.Application.Ports;
using GeoWps.Domain.Layers;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Spatial;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Features;

/// <summary>The features of layers, whatever their source is.</summary>
public sealed class LayerFeatures(IEnumerable<IFeatureStore> stores, ICoordinateTransforms transforms, IOptions<FeaturesOptions> options, ILayerFiles? files = null)
{
    private static readonly TimeSpan UntilFetched = TimeSpan.FromSeconds(10);

    private readonly IFeatureStore[] _stores = [.. stores];

    /// <summary>Whether the layer is a collection of features: it has some that can be told apart, and where they are can be said in degrees.</summary>
    public bool Has(Layer layer) => layer.IsVector && StoreOf(layer) is not null && transforms.Between(layer.Contents.Crs, Crs.Crs84) is not null;

    /// <summary>In which CRSs its features are given out, the first when nobody says: OGC API - Features - Part 2, 6.2.</summary>
    public IReadOnlyList<Crs> CrsOf(Layer layer)
    {
        Crs[] offered = [Crs.Crs84, Crs.Wgs84, Crs.WebMercator, layer.Contents.Crs];
        return [.. offered.Distinct().Where(crs => transforms.Between(layer.Contents.Crs, crs) is not null)];
    }

    /// <summary>Reads the parameters of a request for features.</summary>
    /// <returns>What is asked for, or all mistakes.</returns>
    public (FeatureRequest? Request, IReadOnlyList<Mistake> Mistakes) Read(Layer layer, IEnumerable<KeyValuePair<string, string>> parameters) =>
        new FeatureParameters(layer, CrsOf(layer), transforms, options.Value, text => Required(layer).IsId(layer, text)).Read(parameters);

    /// <returns>The CRS that a text names, if features of the layer are given out in it.</returns>
    public Crs? CrsOf(Layer layer, string text) => Crs.TryParse(text, out var crs) && CrsOf(layer).Contains(crs.Value) ? crs : null;

    /// <inheritdoc cref="IFeatureStore.OpenAsync"/>
    public async ValueTask<FeatureCursor> OpenAsync(Layer layer, FeatureQuery query, CancellationToken cancellationToken)
    {
        await BringAsync(layer, cancellationToken);
        return await Required(layer).OpenAsync(layer, query, cancellationToken);
    }

    /// <returns>A cursor that stands on the feature; <see langword="null"/> when there is none of that id.</returns>
    public async Task<FeatureCursor?> FindAsync(Layer layer, string id, CancellationToken cancellationToken)
    {
        if (!Required(layer).IsId(layer, id))
        {
            return null;
        }

        var cursor = await OpenAsync(layer, new FeatureQuery { Ids = [id], Limit = 1 }, cancellationToken);
        try
        {
            if (await cursor.ReadAsync(cancellationToken))
            {
                return cursor;
            }
        }
        catch
        {
            await cursor.DisposeAsync();
            throw;
        }

        await cursor.DisposeAsync();
        return null;
    }

    /// <inheritdoc cref="IFeatureStore.CountAsync"/>
    public async ValueTask<long?> CountAsync(Layer layer, FeatureQuery query, CancellationToken cancellationToken)
    {
        await BringAsync(layer, cancellationToken);
        return await Required(layer).CountAsync(layer, query, options.Value.MaxCounted, cancellationToken);
    }

    /// <inheritdoc cref="IFeatureStore.VersionOf"/>
    public string? VersionOf(Layer layer) => Required(layer).VersionOf(layer);

    /// <summary>Writes features in a CRS, which is one of <see cref="CrsOf(Layer)"/>, in that CRS's own order of axes.</summary>
    public GeoJsonFeatures Writer(Layer layer, Crs crs) => new(transforms.Between(layer.Contents.Crs, crs) ?? throw new InvalidOperationException($"There is no way to {crs}."), crs);

    private async ValueTask BringAsync(Layer layer, CancellationToken cancellationToken)
    {
        if (files is not null)
        {
            try
            {
                await files.BringAsync(layer, cancellationToken);
            }
            catch (IOException reason)
            {
                throw new FeatureStoreException("The layer's data can't be fetched now.", reason, UntilFetched);
            }
        }
    }

    private IFeatureStore? StoreOf(Layer layer) => Array.Find(_stores, store => store.Reads(layer));

    private IFeatureStore Required(Layer layer) => StoreOf(layer) ?? throw new InvalidOperationException($"The layer {layer.Id} has no features.");
}
