using System.Collections.Concurrent;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Processes;

/// <summary>The process list and the descriptions as bytes, made once for each catalogue and each address under which callers reach the server.</summary>
internal sealed class ProcessDocuments(ProcessCatalogues catalogues)
{
    // Callers choose the address, so their number is bounded: one more starts over.
    private const int MaxAddresses = 8;

    private ConcurrentDictionary<string, Snapshot> _snapshots = new(StringComparer.Ordinal);

    public ProcessListing List(string baseAddress) => At(baseAddress).Listing;

    /// <returns><see langword="null"/> when there is no such process.</returns>
    public StoredAnswer? Describe(string idOrAlias, string baseAddress)
    {
        var snapshot = At(baseAddress);
        return snapshot.Catalogue.Find(idOrAlias) is { } process ? snapshot.Describe(process) : null;
    }

    /// <inheritdoc cref="Describe"/>
    public StoredPage? PageOf(string idOrAlias, string baseAddress)
    {
        var snapshot = At(baseAddress);
        return snapshot.Catalogue.Find(idOrAlias) is { } process ? snapshot.PageOf(process) : null;
    }

    private Snapshot At(string baseAddress)
    {
        var catalogue = catalogues.Current;
        var snapshots = _snapshots;
        if (snapshots.TryGetValue(baseAddress, out var snapshot) && ReferenceEquals(snapshot.Catalogue, catalogue))
        {
            return snapshot;
        }

        if (snapshots.Count >= MaxAddresses)
        {
            _snapshots = snapshots = new ConcurrentDictionary<string, Snapshot>(StringComparer.Ordinal);
        }

        // Two callers may both make it: the same thing twice, and either may stay.
        return snapshots[baseAddress] = new Snapshot(catalogue, baseAddress);
    }

    private sealed class Snapshot(ProcessCatalogue catalogue, string baseAddress)
    {
        private readonly ConcurrentDictionary<string, StoredAnswer> _descriptions = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, StoredPage> _pages = new(StringComparer.Ordinal);
        private readonly Lazy<ProcessListing> _listing = new(() => new ProcessListing(catalogue, baseAddress));

        public ProcessCatalogue Catalogue => catalogue;

        public ProcessListing Listing => _listing.Value;

        public StoredAnswer Describe(ProcessDescription process) => _descriptions.GetOrAdd(
            process.Id,
            _ => new StoredAnswer(JsonAnswer.Bytes(json => ProcessWriter.WriteDescription(json, process, baseAddress)), Media.Json));

        public StoredPage PageOf(ProcessDescription process) =>
            _pages.GetOrAdd(process.Id, _ => ProcessPage.Of(process, baseAddress, ProcessWriter.LinksOf(process, baseAddress)));
    }
}
