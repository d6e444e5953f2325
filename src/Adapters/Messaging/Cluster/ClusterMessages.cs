using System.Data.Common;
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

    private readonly ILogger _logger = logs.CreateLogger<ClusterMessages>();
    private readonly TaskCompletionSource<IWolverineRuntime> _runtime = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
        await _starting;
        if (_host is { } host)
        {
            await host.StopAsync(cancellationToken);
        }
    }

    public async Task<IOutgoing> StoreAsync(IReadOnlyList<Message> messages, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var runtime = await _runtime.Task.WaitAsync(cancellationToken);
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
        await _starting;
        _host?.Dispose();
    }

    private async Task KeepStartingAsync()
    {
        try
        {
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = "GeoWps" });
            builder.Services.AddSingleton(logs);
            builder.Services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
            builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
            builder.Services.AddWolverine(ExtensionDiscovery.ManualOnly, Configure);
            _host = builder.Build();
            await _host.StartAsync(CancellationToken.None);
            _runtime.SetResult(_host.Services.GetRequiredService<IWolverineRuntime>());
        }
        catch (Exception reason)
        {
            LogNotStarted(reason);
            _runtime.TrySetException(reason);
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

    [LoggerMessage(EventId = 8001, Level = LogLevel.Critical, Message = "Messages between nodes can't be used; layers can't be changed on this node")]
    private partial void LogNotStarted(Exception reason);

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
