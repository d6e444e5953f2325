using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Application.Nodes;
using GeoWps.Domain.Nodes;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Discovery;

/// <summary>The nodes that a registry named last, in a file.</summary>
internal sealed partial class NodesFile(string path, ILogger<NodesFile> logger)
{
    private readonly SemaphoreSlim _writing = new(1);
    private IReadOnlyList<NodeEntry>? _kept;

    /// <returns>At least one; <see langword="null"/> when there is nothing that can be read.</returns>
    public async Task<IReadOnlyList<NodeEntry>?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = File.OpenRead(path);
            var nodes = await JsonSerializer.DeserializeAsync(stream, RememberedJson.Default.NodeEntryArray, cancellationToken);
            return nodes is { Length: > 0 } && Array.TrueForAll(nodes, node => node is { Address.IsAbsoluteUri: true }) ? NodeLists.Ordered(nodes) : null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            LogUnreadable(error.Message);
            return null;
        }
    }

    /// <summary>A list without nodes is not kept.</summary>
    public async Task KeepAsync(IReadOnlyList<NodeEntry> nodes, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (nodes.Count == 0 || nodes.SameAs(_kept))
            {
                return;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var made = path + ".new";
            await using (var stream = new FileStream(made, FileMode.Create, FileAccess.Write))
            {
                await JsonSerializer.SerializeAsync(stream, [.. nodes], RememberedJson.Default.NodeEntryArray, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Move(made, path, overwrite: true);
            _kept = nodes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The nodes are known all the same.
            LogNotKept(error.Message);
        }
        finally
        {
            _writing.Release();
        }
    }

    [LoggerMessage(EventId = 7011, Level = LogLevel.Warning, Message = "The nodes that were known last can't be read: {Reason}")]
    private partial void LogUnreadable(string reason);

    [LoggerMessage(EventId = 7012, Level = LogLevel.Error, Message = "The nodes that are known can't be kept for the next start: {Reason}")]
    private partial void LogNotKept(string reason);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NodeEntry[]))]
internal sealed partial class RememberedJson : JsonSerializerContext;
