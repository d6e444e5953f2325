using System.Collections.Concurrent;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Messaging;

/// <summary>What every <see cref="IMessages"/> does. An adapter derives from it and says how a node begins and ends, and how something is changed.</summary>
public abstract class MessagesContract : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly List<IMessages> _nodes = [];

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await StopAsync(node);
        }
    }

    [Fact]
    public async Task A_message_is_handled_when_its_change_is_stored_and_not_again()
    {
        var recipient = new Recipient();
        var node = await BeginAsync(recipient);

        await ChangeAsync(node, isStored: true, isSent: true, Tiles("a"), Tiles("b"));
        await recipient.HasAsync(2);
        await EndAsync(node);
        await ChangeAsync(await BeginAsync(recipient), isStored: true, isSent: true, Tiles("c"));
        await recipient.HasAsync(3);

        recipient.Handled.Order(Comparer<Message>.Create((one, other) => string.CompareOrdinal($"{one}", $"{other}"))).ShouldBe([Tiles("a"), Tiles("b"), Tiles("c")]);
    }

    [Fact]
    public async Task A_message_whose_change_did_not_happen_is_never_handled()
    {
        var recipient = new Recipient();
        var node = await BeginAsync(recipient);

        await ChangeAsync(node, isStored: false, isSent: false, Tiles("a"));
        await EndAsync(node);
        await ChangeAsync(await BeginAsync(recipient), isStored: true, isSent: true, Tiles("b"));
        await recipient.HasAsync(1);

        recipient.Handled.ShouldBe([Tiles("b")]);
    }

    [Fact]
    public async Task A_message_that_fails_comes_again()
    {
        var recipient = new Recipient { Fails = 1 };

        await ChangeAsync(await BeginAsync(recipient), isStored: true, isSent: true, Tiles("a"));
        await recipient.HasAsync(1);

        recipient.Attempts.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_node_did_not_get_to_send_is_handled_when_it_is_gone()
    {
        var (first, second) = (new Recipient(), new Recipient());
        var node = await BeginAsync(first);

        await ChangeAsync(node, isStored: true, isSent: false, Tiles("a"));
        await EndAsync(node);
        await BeginAsync(second);
        await second.HasAsync(1);

        first.Handled.ShouldBeEmpty();
        second.Handled.ShouldBe([Tiles("a")]);
    }

    [Fact]
    public async Task A_message_for_later_is_not_handled_now()
    {
        var recipient = new Recipient();

        await ChangeAsync(await BeginAsync(recipient), isStored: true, isSent: true, new Message.DataOutdated("a", "1-folder"), Tiles("b"));
        await recipient.HasAsync(1);

        recipient.Handled.ShouldBe([Tiles("b")]);
        (await OpenAsync()).ShouldBe(1);
    }

    protected static Message Tiles(string layer) => new Message.TilesOutdated(layer, "change");

    /// <summary>A node begins, and is there when it returns.</summary>
    protected abstract Task<IMessages> StartAsync(IMessageHandler handler);

    protected abstract Task StopAsync(IMessages node);

    /// <summary>Stores messages with a change, or without one.</summary>
    protected abstract Task ChangeAsync(IMessages node, bool isStored, bool isSent, params Message[] messages);

    /// <summary>How many messages are stored that are not handled yet.</summary>
    protected abstract Task<int> OpenAsync();

    private async Task<IMessages> BeginAsync(IMessageHandler handler)
    {
        var node = await StartAsync(handler);
        _nodes.Add(node);
        return node;
    }

    private async Task EndAsync(IMessages node)
    {
        _nodes.Remove(node);
        await StopAsync(node);
    }

    protected sealed class Recipient : IMessageHandler
    {
        private int _attempts;

        public ConcurrentQueue<Message> Handled { get; } = [];

        public int Attempts => Volatile.Read(ref _attempts);

        /// <summary>How often it fails first.</summary>
        public int Fails { get; init; }

        public Task HandleAsync(Message message, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _attempts) <= Fails)
            {
                throw new IOException("A disk is away.");
            }

            Handled.Enqueue(message);
            return Task.CompletedTask;
        }

        public async Task HasAsync(int count)
        {
            using var patience = new CancellationTokenSource(_patience);
            while (Handled.Count < count)
            {
                await Task.Delay(20, patience.Token);
            }
        }
    }
}
