using System.Collections.Concurrent;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Wps.Documents;

/// <summary>Capabilities and descriptions as bytes, made once for each catalogue.</summary>
internal sealed class WpsDocuments(ProcessCatalogues catalogues, IOptions<HttpOptions> options, TimeProvider clock)
{
    // Callers choose the address, so their number is bounded: one more starts over.
    private const int MaxAddresses = 8;

    private Snapshot? _snapshot;

    public string UpdateSequence => Current.UpdateSequence;

    /// <param name="sections">Those asked for, <see langword="null"/> for all.</param>
    public StoredAnswer Capabilities(WpsVersion version, string baseAddress, IReadOnlySet<string>? sections)
    {
        var snapshot = Current;
        if (sections is not null)
        {
            return Make(snapshot, version, baseAddress, sections);
        }

        if (snapshot.Capabilities.Count >= MaxAddresses * WpsVersions.All.Count)
        {
            snapshot.Capabilities.Clear();
        }

        return snapshot.Capabilities.GetOrAdd((version, baseAddress), _ => Make(snapshot, version, baseAddress, null));
    }

    /// <summary>The processes in the order given.</summary>
    /// <returns>The first id that there is not, or the document.</returns>
    public (string? Unknown, StoredAnswer? Answer) Describe(WpsVersion version, IReadOnlyList<string> ids)
    {
        var snapshot = Current;
        var processes = new List<ProcessDescription>(ids.Count);
        foreach (var id in ids)
        {
            if (snapshot.Catalogue.Find(WpsAliases.Resolve(id)) is not { } process)
            {
                return (id, null);
            }

            processes.Add(process);
        }

        return (null, processes is [var only] ? snapshot.Descriptions.GetOrAdd((version, only.Id), _ => Write(version, processes)) : Write(version, processes));
    }

    public StoredAnswer DescribeAll(WpsVersion version)
    {
        var snapshot = Current;
        return snapshot.All.GetOrAdd(version, _ => Write(version, snapshot.Processes));
    }

    private static StoredAnswer Write(WpsVersion version, IReadOnlyList<ProcessDescription> processes) =>
        XmlAnswer.Stored(xml =>
        {
            if (version == WpsVersion.V100)
            {
                DescriptionWriter100.Write(xml, processes);
            }
            else
            {
                DescriptionWriter200.Write(xml, processes);
            }
        });

    private StoredAnswer Make(Snapshot snapshot, WpsVersion version, string baseAddress, IReadOnlySet<string>? sections) =>
        XmlAnswer.Stored(xml => CapabilitiesWriter.Write(
            xml, version, new CapabilitiesContent(options.Value, baseAddress, snapshot.Processes, snapshot.UpdateSequence, sections)));

    private Snapshot Current
    {
        get
        {
            var catalogue = catalogues.Current;
            var snapshot = _snapshot;
            return snapshot is not null && ReferenceEquals(snapshot.Catalogue, catalogue)
                ? snapshot
                : _snapshot = new Snapshot(catalogue, StatusInfo.Time(clock.GetUtcNow()));
        }
    }

    private sealed class Snapshot(ProcessCatalogue catalogue, string updateSequence)
    {
        public ProcessCatalogue Catalogue => catalogue;

        public string UpdateSequence => updateSequence;

        public IReadOnlyList<ProcessDescription> Processes { get; } = [.. catalogue.Processes.Values.OrderBy(process => process.Id, StringComparer.Ordinal)];

        public ConcurrentDictionary<(WpsVersion Version, string BaseAddress), StoredAnswer> Capabilities { get; } = new();

        public ConcurrentDictionary<(WpsVersion Version, string Id), StoredAnswer> Descriptions { get; } = new();

        public ConcurrentDictionary<WpsVersion, StoredAnswer> All { get; } = new();
    }
}

/// <summary>Names under which clients of other servers know a process; no list shows them.</summary>
internal static class WpsAliases
{
    public static string Resolve(string id) => id == "org.n52.javaps.test.EchoProcess" ? "echo" : id;
}
