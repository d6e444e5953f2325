using GeoWps.Adapters.Messaging.Local;
using GeoWps.Application.Ports;
using GeoWps.Tests.Unit.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Messaging;

public sealed class LocalMessagesTests : MessagesContract
{
    private readonly TemporaryFolder _folder = new();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_can_not_be_read_is_left_alone_and_what_was_half_written_is_cleared()
    {
        Directory.CreateDirectory(_folder["messages"]);
        await File.WriteAllTextAsync(Path.Combine(_folder["messages"], "half"), "{\"ki");
        await File.WriteAllTextAsync(Path.Combine(_folder["messages"], "odd.json"), "{\"kind\":\"of a newer program\",\"layer\":\"a\",\"detail\":\"b\"}");

        var node = await StartAsync(new Recipient());
        await StopAsync(node);

        Directory.GetFiles(_folder["messages"]).Select(Path.GetFileName).ShouldBe(["odd.json"]);
    }

    protected override async Task<IMessages> StartAsync(IMessageHandler handler)
    {
        var node = new LocalMessages(_folder["messages"], () => handler, TimeProvider.System, NullLogger<LocalMessages>.Instance);
        await node.StartAsync(None);
        return node;
    }

    protected override async Task StopAsync(IMessages node)
    {
        await ((LocalMessages)node).StopAsync(None);
        ((LocalMessages)node).Dispose();
    }

    protected override async Task ChangeAsync(IMessages node, bool isStored, bool isSent, params Message[] messages)
    {
        var outgoing = await node.StoreAsync(messages, null, None);
        if (isSent)
        {
            await outgoing.SendAsync();
        }

        if (isSent || !isStored)
        {
            await outgoing.DisposeAsync();
        }
    }

    protected override Task<int> OpenAsync() => Task.FromResult(Directory.GetFiles(_folder["messages"]).Length);
}
