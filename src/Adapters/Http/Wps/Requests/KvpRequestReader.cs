using GeoWps.Adapters.Http.Ows;

namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>Reads a request that came as parameters of an address.</summary>
internal sealed class KvpRequestReader(KvpQuery query, Func<WpsVersion, string, ExecuteDraft> begin)
{
    /// <summary>In whose words a refusal is told.</summary>
    public WpsVersion? Version { get; private set; } = WpsVersions.Parse(query["version"]) ?? query.List("AcceptVersions").Select(WpsVersions.Parse).FirstOrDefault(version => version is not null);

    public async Task<WpsRequest> ReadAsync(CancellationToken cancellationToken)
    {
        OwsParameters.CheckService(query["service"], "WPS");
        var asked = query["request"] ?? throw new OwsRefusedException(OwsFault.Missing("request"));
        var operation = WpsVersions.AllOperations.FirstOrDefault(name => name.Equals(asked, StringComparison.OrdinalIgnoreCase)) ?? throw new OwsRefusedException(WpsFault.NoSuchOperation(asked));
        Negotiation.CheckLanguage(query["language"] ?? query["AcceptLanguages"]);
        if (operation == "GetCapabilities")
        {
            var (version, sequence, accepted) = (query["version"], query["updateSequence"], query.List("AcceptVersions"));

            // Who has a sequence and names no version learnt it from 1.0.0: clients of 2.0 say what they accept.
            return new WpsRequest.GetCapabilities(
                Negotiation.Version(accepted.Count > 0 || version is null ? accepted : [version], sequence is null ? null : WpsVersion.V100),
                OwsParameters.Sections(query.List("Sections"), Documents.CapabilitiesWriter.Sections),
                sequence);
        }

        var used = Negotiation.Required(query["version"]);
        Version = used;
        if (!used.Operations().Contains(operation))
        {
            throw new OwsRefusedException(WpsFault.NoSuchOperation(asked));
        }

        return operation switch
        {
            "DescribeProcess" => Requests.Describe(used, query.List("identifier")),
            "Execute" => new WpsRequest.Execute(used, await new KvpExecuteReader(query, used, id => begin(used, id)).ReadAsync(cancellationToken)),
            _ => Requests.OfJob(operation, used, query["jobId"]),
        };
    }
}
