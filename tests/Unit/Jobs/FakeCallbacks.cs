using System.Collections.Concurrent;
using System.Text;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;

namespace GeoWps.Tests.Unit.Jobs;

/// <summary>The other side of callbacks: notes what it is told, and answers as it is set to.</summary>
internal sealed class FakeCallbacks : ICallbackClient, ICallbackBodies
{
    /// <summary>Addresses and what was posted there, in order.</summary>
    public ConcurrentQueue<(string Address, string Body)> Posted { get; } = new();

    /// <summary>For the next posts, one each; then everything is delivered.</summary>
    public ConcurrentQueue<CallbackOutcome> Answers { get; } = new();

    public async Task<CallbackOutcome> PostAsync(Uri address, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await write(body, cancellationToken);
        Posted.Enqueue((address.AbsolutePath, Encoding.UTF8.GetString(body.ToArray())));
        return Answers.TryDequeue(out var answer) ? answer : new CallbackOutcome.Delivered();
    }

    public Task WriteResultsAsync(Job job, Stream body, CancellationToken cancellationToken) => body.WriteAsync("results"u8.ToArray(), cancellationToken).AsTask();

    public Task WriteStatusAsync(Job job, Stream body, CancellationToken cancellationToken) =>
        body.WriteAsync(Encoding.UTF8.GetBytes(job.State.Status.ToString()), cancellationToken).AsTask();
}
