using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Domain.Nodes;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Discovery;

/// <summary>
/// A registry whose last answer is kept in a file, and given in its place while it says nothing, also after a restart. An answer without nodes is passed on but not kept: of all that
/// may come back, it is of no use.
/// </summary>
internal sealed partial class RememberedNodes(INodeRegistry registry, string file, TimeProvider clock, ILogger<RememberedNodes> logger) : INodeRegistry
{
    /// <summary>A registry that is there has answered by then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly SemaphoreSlim _writing = new(1);
    private IReadOnlyList<NodeEntry>? _kept;

    public Task<IAsyncDisposable> AnnounceAsync(NodeEntry self, CancellationToken cancellationToken) => registry.AnnounceAsync(self, cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<NodeEntry>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Whoever leaves the loop leaves a question open behind it.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answers = registry.WatchAsync(ending.Token).GetAsyncEnumerator(ending.Token);
        var next = answers.MoveNextAsync().AsTask();
        try
        {
            IReadOnlyList<NodeEntry>? given = null;
            await Task.WhenAny(next, Task.Delay(Patience, clock, cancellationToken));
            if (!next.IsCompleted && await ReadAsync(cancellationToken) is { } remembered)
            {
                LogRemembered(remembered.Count);
                given = remembered;
                yield return remembered;
            }

            while (await next)
            {
                var nodes = answers.Current;
                next = answers.MoveNextAsync().AsTask();
                await KeepAsync(nodes, cancellationToken);
                if (!nodes.SameAs(given))
                {
                    given = nodes;
                    yield return nodes;
                }
            }
        }
        finally
        {
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await answers.DisposeAsync();
        }
    }

    private async Task<IReadOnlyList<NodeEntry>?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = File.OpenRead(file);
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

    private async Task KeepAsync(IReadOnlyList<NodeEntry> nodes, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (nodes.Count == 0 || nodes.SameAs(_kept))
            {
                return;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var made = file + ".new";
            await using (var stream = new FileStream(made, FileMode.Create, FileAccess.Write))
            {
                await JsonSerializer.SerializeAsync(stream, [.. nodes], RememberedJson.Default.NodeEntryArray, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Move(made, file, overwrite: true);
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

    [LoggerMessage(EventId = 7010, Level = LogLevel.Warning, Message = "The registry of nodes does not answer; going on with the {Count} nodes that it knew last")]
    private partial void LogRemembered(int count);

    [LoggerMessage(EventId = 7011, Level = LogLevel.Warning, Message = "The nodes that were known last can't be read: {Reason}")]
    private partial void LogUnreadable(string reason);

    [LoggerMessage(EventId = 7012, Level = LogLevel.Error, Message = "The nodes that are known can't be kept for the next start: {Reason}")]
    private partial void LogNotKept(string reason);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NodeEntry[]))]
internal sealed partial class RememberedJson : JsonSerializerContext;
