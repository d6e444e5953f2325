using GeoWps.Application.Ports;

namespace GeoWps.Application.Layers;

/// <summary>Clears away what layers leave behind, when the one who changed them did not get that far.</summary>
public sealed class LayerMessages(LayerCatalogue layers, ILayerFiles files) : IMessageHandler
{
    public Task HandleAsync(Message message, CancellationToken cancellationToken) => message switch
    {
        Message.TilesOutdated(var layer, var change) => layers.EmptyAsync(layer, change, cancellationToken),
        Message.DataOutdated(var layer, var folder) => DeleteAsync(layer, folder, cancellationToken),
        Message.DataUnnamed(var layer, var folder) => DeleteAsync(layer, folder, cancellationToken),
        _ => throw new ArgumentException($"{message.GetType()} is no message of layers.", nameof(message)),
    };

    private async Task DeleteAsync(string layer, string folder, CancellationToken cancellationToken)
    {
        if ((await layers.FindStoredAsync(layer, cancellationToken))?.Source.Folder != folder)
        {
            await files.DeleteAsync(layer, folder, cancellationToken);
        }
    }
}
