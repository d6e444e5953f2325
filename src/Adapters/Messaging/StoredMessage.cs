using GeoWps.Application.Ports;
using Wolverine.Attributes;

namespace GeoWps.Adapters.Messaging;

/// <summary>A message as it is stored. Names of its own, so that a renamed member does not make stored ones unreadable.</summary>
/// <param name="Detail">The change, or the folder.</param>
[MessageIdentity("geowps")]
public sealed record StoredMessage(string Kind, string Layer, string Detail)
{
    private const string Tiles = "tilesOutdated";
    private const string Data = "dataOutdated";
    private const string Unnamed = "dataUnnamed";

    internal static StoredMessage Of(Message message) => message switch
    {
        Message.TilesOutdated(var layer, var change) => new StoredMessage(Tiles, layer, change),
        Message.DataOutdated(var layer, var folder) => new StoredMessage(Data, layer, folder),
        Message.DataUnnamed(var layer, var folder) => new StoredMessage(Unnamed, layer, folder),
        _ => throw new ArgumentException($"{message.GetType()} is a message that can not be stored.", nameof(message)),
    };

    internal Message ToMessage() => Kind switch
    {
        Tiles => new Message.TilesOutdated(Layer, Detail),
        Data => new Message.DataOutdated(Layer, Detail),
        Unnamed => new Message.DataUnnamed(Layer, Detail),
        _ => throw new InvalidDataException($"The stored message '{Kind}' is of no known kind."),
    };
}
