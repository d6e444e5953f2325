using GeoWps.Application.Ports;
using Microsoft.Extensions.Logging;
using Wolverine.ErrorHandling;
using Wolverine.Runtime;
using Wolverine.Runtime.Handlers;

namespace GeoWps.Adapters.Messaging.Cluster;

/// <summary>Hands messages to the application; those that fail come again, in the database meanwhile, and at last lie in <c>wolverine_dead_letters</c>.</summary>
internal sealed class StoredMessageHandler(Func<Application.Ports.IMessageHandler> handler) : MessageHandler<StoredMessage>
{
    public override void ConfigureChain(HandlerChain chain)
    {
        chain.SuccessLogLevel = chain.ProcessingLogLevel = LogLevel.Debug;
        chain.OnAnyException().ScheduleRetry([.. MessageRetries.Pauses]);
    }

    protected override Task HandleAsync(StoredMessage message, MessageContext context, CancellationToken cancellation) =>
        handler().HandleAsync(message.ToMessage(), cancellation);
}
