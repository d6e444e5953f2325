using System.Xml;
using GeoWps.Adapters.Http.Ows;

namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>Reads a request that came as XML: its root element is the operation, its namespace the version.</summary>
internal sealed class XmlRequestReader(XmlReader xml, Func<WpsVersion, string, ExecuteDraft> begin)
{
    /// <summary>In whose words a refusal is told; known as soon as the root is.</summary>
    public WpsVersion? Version { get; private set; }

    public async Task<WpsRequest> ReadAsync(CancellationToken cancellationToken)
    {
        if (await xml.MoveToContentAsync() != XmlNodeType.Element)
        {
            throw new OwsRefusedException(OwsFault.Other("The request is empty."));
        }

        Version = WpsVersions.OfNamespace(xml.NamespaceURI) ?? WpsVersions.Parse(xml.GetAttribute("version"));
        var operation = xml.LocalName;
        if (!WpsVersions.AllOperations.Contains(operation))
        {
            throw new OwsRefusedException(WpsFault.NoSuchOperation(operation));
        }

        OwsParameters.CheckService(xml.Attribute("service"), "WPS");
        Negotiation.CheckLanguage(xml.Attribute("language") ?? xml.GetAttribute("lang", OwsNames.Xml));
        var request = operation == "GetCapabilities" ? await CapabilitiesAsync() : await OtherAsync(operation, Negotiation.Required(xml.Attribute("version")), cancellationToken);

        // What is no XML further down must not pass unseen.
        while (await xml.ReadAsync())
        {
        }

        return request;
    }

    private async Task<WpsRequest> CapabilitiesAsync()
    {
        var (sequence, version) = (xml.Attribute("updateSequence"), xml.Attribute("version"));
        List<string> versions = [], sections = [], languages = [];
        await xml.ChildrenAsync(() => xml.LocalName switch
        {
            "AcceptVersions" => ListAsync(versions),
            "Sections" => ListAsync(sections),
            "AcceptLanguages" => ListAsync(languages),
            _ => ListAsync([]),
        });
        Negotiation.CheckLanguage(string.Join(',', languages));
        return new WpsRequest.GetCapabilities(
            Negotiation.Version(versions.Count > 0 || version is null ? versions : [version], Version), OwsParameters.Sections(sections, Documents.CapabilitiesWriter.Sections), sequence);
    }

    private async Task<WpsRequest> OtherAsync(string operation, WpsVersion version, CancellationToken cancellationToken)
    {
        Version = version;
        switch (operation)
        {
            case "DescribeProcess":
                return await DescribeAsync(version);
            case "Execute":
                var (isRaw, mode) = version == WpsVersion.V200 ? (IsRaw(xml.Attribute("response")), Requests.Mode(xml.Attribute("mode"))) : (false, WpsMode.Sync);
                return new WpsRequest.Execute(version, await new XmlExecuteReader(xml, version, id => begin(version, id), cancellationToken).ReadAsync(isRaw, mode));
        }

        if (!version.Operations().Contains(operation))
        {
            throw new OwsRefusedException(WpsFault.NoSuchOperation(operation));
        }

        var job = "";
        await xml.ChildrenAsync(async () =>
        {
            var name = xml.LocalName;
            var text = await xml.TextAsync();
            job = name == "JobID" ? text : job;
        });
        return Requests.OfJob(operation, version, job);
    }

    private async Task<WpsRequest> DescribeAsync(WpsVersion version)
    {
        List<string> ids = [];
        await xml.ChildrenAsync(async () =>
        {
            var name = xml.LocalName;
            var text = await xml.TextAsync();
            if (name == "Identifier" && text.Length > 0)
            {
                ids.Add(text);
            }
        });
        return Requests.Describe(version, ids);
    }

    private Task ListAsync(List<string> texts) => xml.ChildrenAsync(async () => texts.Add(await xml.TextAsync()));

    /// <summary>Both attributes are mandatory in the schema; clients leave them out all the same, and mean the plain way.</summary>
    private static bool IsRaw(string? response) => response switch
    {
        null or "document" => false,
        "raw" => true,
        _ => throw new OwsRefusedException(OwsFault.Invalid("response", $"response: must be raw or document (got {response})")),
    };
}

/// <summary>What requests of both encodings become.</summary>
internal static class Requests
{
    /// <summary><c>ALL</c> stands for every process; clients write it in lower case, too.</summary>
    public static WpsRequest Describe(WpsVersion version, IReadOnlyList<string> ids) =>
        ids.Count == 0 ? throw new OwsRefusedException(OwsFault.Missing("identifier"))
        : new WpsRequest.DescribeProcess(version, ids.Any(id => id.Equals("ALL", StringComparison.OrdinalIgnoreCase)) ? [] : ids);

    public static WpsRequest OfJob(string operation, WpsVersion version, string? job) => (operation, job) switch
    {
        (_, null or "") => throw new OwsRefusedException(OwsFault.Missing("jobId")),
        ("GetStatus", _) => new WpsRequest.GetStatus(version, job),
        ("GetResult", _) => new WpsRequest.GetResult(version, job),
        _ => new WpsRequest.Dismiss(version, job),
    };

    public static WpsMode Mode(string? mode) => mode switch
    {
        null or "auto" => WpsMode.Auto,
        "sync" => WpsMode.Sync,
        "async" => WpsMode.Async,
        _ => throw new OwsRefusedException(new OwsFault("NoSuchMode", mode, $"mode: must be sync, async or auto (got {mode})")),
    };
}
