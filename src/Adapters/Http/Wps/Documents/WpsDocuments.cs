using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Wps.Answers;
using GeoWps.Adapters.Http.Wps.Requests;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Elsewhere;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Wps.Documents;

/// <summary>Capabilities and descriptions as bytes, made once for each catalogue.</summary>
internal sealed class WpsDocuments(ProcessCatalogues catalogues, OfferedProcesses offered, UpdateSequences sequences, IOptions<HttpOptions> options)
{
    // Callers choose the address, so their number is bounded: one more starts over.
    private const int MaxAddresses = 8;

    private const string Service = "wps";

    private Snapshot? _snapshot;

    /// <summary>06-121r3, clause 7.3.4: who has the current document gets none of its sections again.</summary>
    public async Task<IResult> CapabilitiesAsync(string baseAddress, WpsRequest.GetCapabilities asked, CancellationToken cancellationToken)
    {
        var snapshot = Current;
        var sequence = await sequences.CurrentAsync(Service, snapshot.Content.Value, cancellationToken);
        return await sequences.JudgeAsync(Service, sequence, asked.UpdateSequence, cancellationToken) switch
        {
            Freshness.Whole => Capabilities(snapshot, sequence, asked.Version, baseAddress, asked.Sections),
            Freshness.Unchanged => Make(snapshot, sequence, asked.Version, baseAddress, FrozenSet<string>.Empty),
            Freshness.NoneSuch => WpsAnswers.Report(asked.Version, new OwsFault("InvalidUpdateSequence", null, $"updateSequence: is above the current one, {sequence}")),
        };
    }

    /// <param name="sections">Those asked for, <see langword="null"/> for all.</param>
    private StoredAnswer Capabilities(Snapshot snapshot, string sequence, WpsVersion version, string baseAddress, IReadOnlySet<string>? sections)
    {
        if (sections is not null)
        {
            return Make(snapshot, sequence, version, baseAddress, sections);
        }

        if (snapshot.Capabilities.Count >= MaxAddresses * WpsVersions.All.Count)
        {
            snapshot.Capabilities.Clear();
        }

        return snapshot.Capabilities.GetOrAdd((version, baseAddress, sequence), _ => Make(snapshot, sequence, version, baseAddress, null));
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

    private StoredAnswer Make(Snapshot snapshot, string sequence, WpsVersion version, string baseAddress, IReadOnlySet<string>? sections) =>
        XmlAnswer.Stored(xml => CapabilitiesWriter.Write(xml, version, new CapabilitiesContent(options.Value, baseAddress, snapshot.Processes, sequence, sections)));

    /// <summary>What the service says of itself, and each process as any node describes it.</summary>
    private string ContentDigest()
    {
        IEnumerable<byte[]> service = WpsVersions.All.Select(version =>
            XmlAnswer.Bytes(xml => CapabilitiesWriter.Write(xml, version, new CapabilitiesContent(options.Value, "", [], "", null))));
        IEnumerable<byte[]> processes = offered.All.Distinct().Select(process => XmlAnswer.Bytes(xml => DescriptionWriter200.Write(xml, [process])));
        var parts = service.Concat(processes).Select(UpdateSequences.Digest).Distinct().Order(StringComparer.Ordinal);
        return UpdateSequences.Digest(Encoding.ASCII.GetBytes(string.Join(' ', parts)));
    }

    private Snapshot Current
    {
        get
        {
            var catalogue = catalogues.Current;
            var snapshot = _snapshot;
            return snapshot is not null && ReferenceEquals(snapshot.Catalogue, catalogue)
                ? snapshot
                : _snapshot = new Snapshot(catalogue, ContentDigest);
        }
    }

    private sealed class Snapshot(ProcessCatalogue catalogue, Func<string> digest)
    {
        public ProcessCatalogue Catalogue => catalogue;

        public Lazy<string> Content { get; } = new(digest);

        public IReadOnlyList<ProcessDescription> Processes { get; } = [.. catalogue.Processes.Values.OrderBy(process => process.Id, StringComparer.Ordinal)];

        public ConcurrentDictionary<(WpsVersion Version, string BaseAddress, string Sequence), StoredAnswer> Capabilities { get; } = new();

        public ConcurrentDictionary<(WpsVersion Version, string Id), StoredAnswer> Descriptions { get; } = new();

        public ConcurrentDictionary<WpsVersion, StoredAnswer> All { get; } = new();
    }
}

/// <summary>Names under which clients of other servers know a process; no list shows them.</summary>
internal static class WpsAliases
{
    public static string Resolve(string id) => id == "org.n52.javaps.test.EchoProcess" ? "echo" : id;
}
