using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using GeoWps.Application;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GeoWps.Adapters.Messaging.Local;

/// <summary>
/// Messages of a node alone: a file each in a folder, from before the change until it is handled. What an earlier process did not get to is handled at the start, also where its
/// change never happened: whoever handles looks. What fails longest stays for the next start.
/// </summary>
internal sealed partial class LocalMessages(string folder, Func<IMessageHandler> handler, TimeProvider clock, ILogger<LocalMessages> logger) : IMessages, IHostedService, IDisposable
{
    private const string Extension = ".json";
    private const int MostAtOnce = 4;

    private readonly ConcurrentDictionary<string, Task> _coming = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private readonly CancellationTokenSource _stopping = new();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (var path in Directory.GetFiles(folder))
        {
            if (Path.GetExtension(path) != Extension)
            {
                // Its writer died while writing, and so before the change.
                File.Delete(path);
                continue;
            }

            try
            {
                await using var file = File.OpenRead(path);
                var stored = await JsonSerializer.DeserializeAsync<StoredMessage>(file, JsonSerializerOptions.Web, cancellationToken) ?? throw new JsonException("empty");

                // At the start nobody reads: nothing is waited for.
                Follow(path, stored.ToMessage(), TimeSpan.Zero);
            }
            catch (Exception reason) when (reason is JsonException or InvalidDataException)
            {
                LogUnreadable(Path.GetFileName(path), reason.Message);
            }
        }
    }

    /// <summary>What is being handled is broken off: its file is still there.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_coming.Values);
    }

    public async Task<IOutgoing> StoreAsync(IReadOnlyList<Message> messages, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var outgoing = new Outgoing(this);
        try
        {
            foreach (var message in messages)
            {
                outgoing.Stored.Add((await WriteAsync(StoredMessage.Of(message), cancellationToken), message));
            }

            return outgoing;
        }
        catch
        {
            await outgoing.DisposeAsync();
            throw;
        }
    }

    public void Dispose()
    {
        _places.Dispose();
        _stopping.Dispose();
    }

    private async Task<string> WriteAsync(StoredMessage message, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        await using (var file = File.Create(path))
        {
            await JsonSerializer.SerializeAsync(file, message, JsonSerializerOptions.Web, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(path, path + Extension);
        return path + Extension;
    }

    private void Follow(string path, Message message, TimeSpan after)
    {
        var coming = Task.Run(() => FollowAsync(path, message, after), CancellationToken.None);
        _coming[path] = coming;
        _ = coming.ContinueWith(_ => _coming.TryRemove(path, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task FollowAsync(string path, Message message, TimeSpan after)
    {
        try
        {
            for (var failures = 0; ; failures++)
            {
                await Task.Delay(failures == 0 ? after : Backoff.Spread(MessageRetries.Pauses[failures - 1]), clock, _stopping.Token);
                if (await TryHandleAsync(message, failures))
                {
                    File.Delete(path);
                    return;
                }

                if (failures == MessageRetries.Pauses.Count)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The next process goes on.
        }
    }

    private async Task<bool> TryHandleAsync(Message message, int failures)
    {
        await _places.WaitAsync(_stopping.Token);
        try
        {
            await handler().HandleAsync(message, _stopping.Token);
            return true;
        }
        catch (Exception reason) when (!_stopping.IsCancellationRequested)
        {
            LogFailed(reason, failures == MessageRetries.Pauses.Count ? LogLevel.Error : LogLevel.Warning, message, failures + 1);
            return false;
        }
        finally
        {
            _places.Release();
        }
    }

    [LoggerMessage(EventId = 8011, Message = "{Message} could not be done, attempt {Attempt}")]
    private partial void LogFailed(Exception reason, LogLevel level, Message message, int attempt);

    [LoggerMessage(EventId = 8012, Level = LogLevel.Error, Message = "The message {File} can't be read and is left alone: {Reason}")]
    private partial void LogUnreadable(string file, string reason);

    private sealed class Outgoing(LocalMessages messages) : IOutgoing
    {
        private bool _isSent;

        public List<(string Path, Message Message)> Stored { get; } = [];

        public Task SendAsync()
        {
            _isSent = true;
            Stored.ForEach(each => messages.Follow(each.Path, each.Message, each.Message.After));
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            if (!_isSent)
            {
                Stored.ForEach(each => File.Delete(each.Path));
            }

            return ValueTask.CompletedTask;
        }
    }
}
