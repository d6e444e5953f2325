using System.Data.Common;
using GeoWps.Application;
using GeoWps.Application.Ports;
using JasperFx;
using JasperFx.CodeGeneration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Wolverine;
using Wolverine.Postgresql;
using Wolverine.RDBMS;
using Wolverine.Runtime;

namespace GeoWps.Adapters.Messaging.Cluster;

/// <summary>
/// Messages of a cluster, by Wolverine: rows of the database, stored by the transaction of the change that they follow. The node that told a message handles it; when that
/// node is lost, another does. Wolverine has services of its own in here, makes no tables and compiles nothing: its one handler is written out.
/// </summary>
/// <param name="handler">Asked for when there is a message: it may need whoever tells them.</param>
internal sealed partial class ClusterMessages(NpgsqlDataSource source, Func<IMessageHandler> handler, ClusterTimes times, ILoggerFactory logs) : IMessages, IHostedService, IAsyncDisposable
{
    private const string Queue = "messages";
    private const string Schema = "geowps";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>Who tells something waits so long for the start.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger _logger = logs.CreateLogger<ClusterMessages>();
    private readonly TaskCompletionSource<IWolverineRuntime> _runtime = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDisposed;
    private IHost? _host;
    private Task _starting = Task.CompletedTask;

    /// <summary>Does not keep the server from starting: who tells something before it is ready waits.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _starting = Task.Run(KeepStartingAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>What is not handled is another node's, or this one's when it starts again.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _starting;
        if (_host is { } host)
        {
            await host.StopAsync(cancellationToken);
        }
    }

    public async Task<IOutgoing> StoreAsync(IReadOnlyList<Message> messages, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var runtime = await _runtime.Task.WaitAsync(LongestWait, cancellationToken);
        var context = new MessageContext(runtime);
        await context.EnlistInOutboxAsync(new DatabaseEnvelopeTransaction((IMessageDatabase)runtime.Storage, transaction));
        foreach (var message in messages)
        {
            await context.PublishAsync(StoredMessage.Of(message), message.After > TimeSpan.Zero ? new DeliveryOptions { ScheduleDelay = message.After } : null);
        }

        return new Outgoing(this, context);
    }

    public async ValueTask DisposeAsync()
    {
        // More than once, where it is several services.
        if (!_isDisposed)
        {
            _isDisposed = true;
            await _stopping.CancelAsync();
            await _starting;
            _host?.Dispose();
            _stopping.Dispose();
        }
    }

    /// <summary>Until it is started, or the node stops: the database may be away for a moment.</summary>
    private async Task KeepStartingAsync()
    {
        for (var attempt = 0; !_stopping.IsCancellationRequested; attempt++)
        {
            if (await TryStartAsync(attempt))
            {
                return;
            }

            await Task.Delay(Backoff.After(attempt, FirstPause, LongestPause), _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryStartAsync(int attempt)
    {
        IHost? host = null;
        try
        {
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "GeoWps" });
            builder.Services.AddSingleton(logs);
            builder.Services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
            builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
            builder.Services.AddWolverine(ExtensionDiscovery.ManualOnly, Configure);
            host = builder.Build();
            await host.StartAsync(_stopping.Token);
            _host = host;
            if (attempt > 0)
            {
                LogStarted();
            }

            _runtime.SetResult(host.Services.GetRequiredService<IWolverineRuntime>());
            return true;
        }
        catch (Exception reason)
        {
            if (!_stopping.IsCancellationRequested)
            {
                LogNotStarted(reason);
            }

            if (host is not null)
            {
                await EndAsync(host);
            }

            return false;
        }
    }

    /// <summary>Some of it may run already.</summary>
    private async Task EndAsync(IHost host)
    {
        try
        {
            using var patience = new CancellationTokenSource(LongestPause);
            await host.StopAsync(patience.Token);
        }
        catch (Exception reason)
        {
            LogNotEnded(reason);
        }
        finally
        {
            host.Dispose();
        }
    }

    private void Configure(WolverineOptions options)
    {
        options.ApplicationAssembly = typeof(ClusterMessages).Assembly;
        options.Discovery.DisableConventionalDiscovery();
        options.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
        options.PersistMessagesWithPostgresql(source, Schema);
        options.AutoBuildMessageStorageOnStartup = AutoCreate.None;
        options.AddMessageHandler(new StoredMessageHandler(handler));
        options.PublishMessage<StoredMessage>().ToLocalQueue(Queue).UseDurableInbox();
        var durability = options.Durability;
        durability.Mode = DurabilityMode.Balanced;
        durability.HealthCheckPollingTime = durability.FirstHealthCheckExecution = times.Sign;
        durability.StaleNodeTimeout = times.Lost;
        durability.CheckAssignmentPeriod = times.Look;
        durability.NodeReassignmentPollingTime = durability.FirstNodeReassignmentExecution = times.Look;
        durability.OrphanedMessageSweepPollingTime = times.Look;
        durability.ScheduledJobPollingTime = durability.ScheduledJobFirstExecution = times.Look;
        durability.DurabilityMetricsEnabled = false;
    }

    [LoggerMessage(EventId = 8001, Level = LogLevel.Error, Message = "Messages between nodes can't be used, so layers can't be changed on this node; trying again")]
    private partial void LogNotStarted(Exception reason);

    [LoggerMessage(EventId = 8020, Level = LogLevel.Information, Message = "Messages between nodes can be used, and layers be changed on this node")]
    private partial void LogStarted();

    [LoggerMessage(EventId = 8021, Level = LogLevel.Debug, Message = "What could not be started did not end in good order")]
    private partial void LogNotEnded(Exception reason);

    [LoggerMessage(EventId = 8002, Level = LogLevel.Warning, Message = "Messages are stored, but could not be sent now; they are found later")]
    private partial void LogNotSent(Exception reason);

    private sealed class Outgoing(ClusterMessages messages, MessageContext context) : IOutgoing
    {
        public async Task SendAsync()
        {
            try
            {
                await context.FlushOutgoingMessagesAsync();
            }
            catch (Exception reason)
            {
                messages.LogNotSent(reason);
            }
        }

        // What was not committed is not there.
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Signals are the server's.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
