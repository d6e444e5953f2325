using GeoWps.Application.Ports;

namespace GeoWps.Application.Layers;

/// <summary>Takes a layer away, with its data and all that was made of them.</summary>
public sealed class RemoveLayer(LayerCatalogue layers, ILayerFiles files)
{
    /// <returns>Whether there was one.</returns>
    public async Task<bool> ExecuteAsync(string id, CancellationToken cancellationToken)
    {
        if (await layers.FindStoredAsync(id, cancellationToken) is not { } layer)
        {
            return false;
        }

        if (layer.Source.Folder is { } folder)
        {
            files.Doubt(id, folder);
        }

        return await layers.RemoveAsync(id, cancellationToken);
    }
}
