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
    private readonly PerAddress<Snapshot> _snapshots = new(catalogues, (catalogue, baseAddress) => new Snapshot(catalogue, baseAddress));

    public ProcessListing List(string baseAddress) => _snapshots.At(baseAddress).Listing;

    /// <returns><see langword="null"/> when there is no such process.</returns>
    public StoredAnswer? Describe(string idOrAlias, string baseAddress)
    {
        var snapshot = _snapshots.At(baseAddress);
        return snapshot.Catalogue.Find(idOrAlias) is { } process ? snapshot.Describe(process) : null;
    }

    /// <inheritdoc cref="Describe"/>
    public StoredPage? PageOf(string idOrAlias, string baseAddress)
    {
        var snapshot = _snapshots.At(baseAddress);
        return snapshot.Catalogue.Find(idOrAlias) is { } process ? snapshot.PageOf(process) : null;
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
