namespace GeoWps.Application.Nodes;

/// <summary>What one node said.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Answer"><see langword="null"/>: it did not answer in time, or failed.</param>
public sealed record NodePart<T>(string Node, T? Answer)
    where T : class;

/// <summary>Asks several nodes at once; one that is late or fails costs its own part only.</summary>
public static class FanOut
{
    /// <param name="ask">Returns <see langword="null"/>, or throws, when there is no answer; it is cancelled at the deadline.</param>
    /// <param name="deadline">For each.</param>
    /// <returns>In the order of <paramref name="nodes"/>.</returns>
    public static async Task<IReadOnlyList<NodePart<TAnswer>>> AskAllAsync<TNode, TAnswer>(
        IReadOnlyList<TNode> nodes, Func<TNode, string> nameOf, Func<TNode, CancellationToken, Task<TAnswer?>> ask, TimeSpan deadline, TimeProvider clock, CancellationToken cancellationToken)
        where TAnswer : class =>
        await Task.WhenAll(nodes.Select(async node => new NodePart<TAnswer>(nameOf(node), await AskAsync(node, ask, deadline, clock, cancellationToken))));

    /// <returns>What came first; the others are told to stop. <see langword="null"/> when nobody answered.</returns>
    public static async Task<NodePart<TAnswer>?> AskFirstAsync<TNode, TAnswer>(
        IReadOnlyList<TNode> nodes, Func<TNode, string> nameOf, Func<TNode, CancellationToken, Task<TAnswer?>> ask, TimeSpan deadline, TimeProvider clock, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = nodes.Select(async node => new NodePart<TAnswer>(nameOf(node), await AskAsync(node, ask, deadline, clock, enough.Token))).ToList();
        NodePart<TAnswer>? first = null;
        await foreach (var one in Task.WhenEach(asked).WithCancellation(CancellationToken.None))
        {
            // The rest only says that it was stopped.
            if (first is null && one.IsCompletedSuccessfully && await one is { Answer: not null } part)
            {
                first = part;
                await enough.CancelAsync();
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return first;
    }

    private static async Task<TAnswer?> AskAsync<TNode, TAnswer>(
        TNode node, Func<TNode, CancellationToken, Task<TAnswer?>> ask, TimeSpan deadline, TimeProvider clock, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using var late = new CancellationTokenSource(deadline, clock);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            // Who does not obey is not waited for either.
            return await ask(node, patience.Token).WaitAsync(patience.Token);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
