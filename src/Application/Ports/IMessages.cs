using System.Data.Common;

namespace GeoWps.Application.Ports;

/// <summary>
/// What is still to be done after a change, by one node, whichever it is: told together with the change, and done at least once, through failures and the end of
/// the process that told it. What all nodes are to hear is <see cref="INodeNews"/>. Every implementation passes <c>MessagesContract</c>.
/// </summary>
public interface IMessages
{
    /// <summary>Stores messages. They are handled once <see cref="IOutgoing.SendAsync"/> was called; or without that, when this process ended in between.</summary>
    /// <param name="transaction">Of the change, where a database keeps both: they are stored when it is committed. A node alone has none, and stores them now.</param>
    Task<IOutgoing> StoreAsync(IReadOnlyList<Message> messages, DbTransaction? transaction, CancellationToken cancellationToken);
}

/// <summary>Messages that are stored. To dispose of it without having sent them is to take them back: the change did not happen.</summary>
public interface IOutgoing : IAsyncDisposable
{
    /// <summary>The change is stored: they may be handled. Never fails; what can't be sent now is found later.</summary>
    Task SendAsync();
}

/// <summary>A closed set. What it asks for can be done twice, and is looked at once more when it is done: the world may have moved on.</summary>
public abstract record Message
{
    private Message(TimeSpan after) => After = after;

    /// <summary>Not before this time has passed since it was stored.</summary>
    public TimeSpan After { get; }

    /// <summary>Tiles of a layer that were made before <paramref name="Change"/> are wrong.</summary>
    /// <param name="Change">Of its own for each change.</param>
    public sealed record TilesOutdated(string Layer, string Change) : Message(TimeSpan.Zero);

    /// <summary>A layer has data in another folder than this one, or is gone.</summary>
    public sealed record DataOutdated(string Layer, string Folder) : Message(Grace);

    /// <summary>Data are stored for a layer that is still to name them: a day later they have a name, or nobody comes for them.</summary>
    public sealed record DataUnnamed(string Layer, string Folder) : Message(TimeSpan.FromDays(1));

    /// <summary>Who has found a layer opens its file within this time.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);
}

/// <summary>Does what messages ask for.</summary>
public interface IMessageHandler
{
    /// <summary>Throws when it could not be done: it comes again then, with the pauses of <see cref="MessageRetries"/>.</summary>
    Task HandleAsync(Message message, CancellationToken cancellationToken);
}

/// <summary>How often a message that fails comes again. Whatever fails longest is logged as an error and kept for who looks after the server.</summary>
public static class MessageRetries
{
    public static IReadOnlyList<TimeSpan> Pauses { get; } =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(16), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(12),
    ];
}
