using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Execution.Runs;

/// <summary>A web of a few addresses.</summary>
internal sealed class FakeFetcher : IReferenceFetcher
{
    private readonly Dictionary<string, (byte[] Content, string? Type, string Name)> _contents = [];

    /// <summary>As they were asked for, in order.</summary>
    public List<string> Fetched { get; } = [];

    public void Put(string href, byte[] content, string? type = null, string name = "") => _contents[href] = (content, type, name);

    public string? Refuse(string href) => null;

    public async Task<FetchOutcome> FetchAsync(FetchRequest request, Stream destination, long maxBytes, CancellationToken cancellationToken)
    {
        Fetched.Add(request.Href);
        if (!_contents.TryGetValue(request.Href.Split('#')[0], out var found))
        {
            return new FetchOutcome.Refused("is not to be had");
        }

        await destination.WriteAsync(found.Content, cancellationToken);
        return new FetchOutcome.Fetched(found.Content.Length, found.Type, found.Name);
    }
}
