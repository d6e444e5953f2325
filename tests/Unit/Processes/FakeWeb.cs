using System.Text;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Processes;

/// <summary>A web of a few addresses, all of which may be fetched but those of the host <c>inner</c>.</summary>
internal sealed class FakeWeb : IReferenceFetcher
{
    private readonly Dictionary<string, (byte[] Content, string? Type)> _contents = [];

    public FakeWeb With(string href, string content, string? type = null) => With(href, Encoding.UTF8.GetBytes(content), type);

    public FakeWeb With(string href, byte[] content, string? type = null)
    {
        _contents[href] = (content, type);
        return this;
    }

    public string? Refuse(string href) => href.Contains("//inner", StringComparison.Ordinal) ? "its host may not be reached" : null;

    public async Task<FetchOutcome> FetchAsync(FetchRequest request, Stream destination, long maxBytes, CancellationToken cancellationToken)
    {
        if (!_contents.TryGetValue(request.Href, out var found))
        {
            return new FetchOutcome.Refused("can not be fetched");
        }

        // In pieces, as it comes over a wire.
        for (var at = 0; at < found.Content.Length; at += 1000)
        {
            await destination.WriteAsync(found.Content.AsMemory(at, Math.Min(1000, found.Content.Length - at)), cancellationToken);
        }

        return new FetchOutcome.Fetched(found.Content.Length, found.Type, "file.txt");
    }
}
