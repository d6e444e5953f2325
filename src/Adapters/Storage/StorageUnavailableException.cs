namespace GeoWps.Adapters.Storage;

/// <summary>The data can't be used as things are. The message is one line for the operator, who alone can change it: the start ends with it.</summary>
public sealed class StorageUnavailableException(string message, Exception? reason = null) : Exception(message, reason);
