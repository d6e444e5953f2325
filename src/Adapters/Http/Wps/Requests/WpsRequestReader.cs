using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Wps.Documents;
using System.Xml;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Application.Security;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>Either the request, or why it is refused and in whose words.</summary>
/// <param name="Digest">Of the body, or of the parameters.</param>
internal sealed record WpsReading(WpsVersion Version, WpsRequest? Request, OwsFault? Fault, string Digest);

/// <summary>Reads a request of either encoding. What a refused one has left in the blob store is removed.</summary>
internal sealed class WpsRequestReader(ProcessCatalogues catalogues, IBlobStore blobs, IOptions<RequestLimits> limits, TimeProvider clock)
{
    public async Task<WpsReading> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var parts = new RequestParts(JobId.New(clock.GetUtcNow()), blobs, limits);
        var done = false;
        try
        {
            var reading = HttpMethods.IsPost(context.Request.Method)
                ? await XmlAsync(context, parts, cancellationToken)
                : await KvpAsync(context, parts, cancellationToken);
            done = reading.Fault is null;
            return reading;
        }
        finally
        {
            if (!done)
            {
                await parts.DiscardAsync();
            }
        }
    }

    private async Task<WpsReading> KvpAsync(HttpContext context, RequestParts parts, CancellationToken cancellationToken)
    {
        var query = context.Request.QueryString.Value ?? "";
        var reader = new KvpRequestReader(new KvpQuery(query), (version, id) => Begin(context, version, id, parts));
        try
        {
            var request = await reader.ReadAsync(cancellationToken);
            return new WpsReading(request.Version, request, null, query);
        }
        catch (OwsRefusedException refused)
        {
            return new WpsReading(reader.Version ?? WpsVersions.All[0], null, refused.Fault, "");
        }
    }

    private async Task<WpsReading> XmlAsync(HttpContext context, RequestParts parts, CancellationToken cancellationToken)
    {
        var most = limits.Value.MaxBodyBytes;
        XmlRequestReader? reader = null;

        // Parameters beside a body only tell in whose words to answer.
        var version = WpsVersions.Parse(new KvpQuery(context.Request.QueryString.Value ?? "")["version"]);
        WpsVersion Version() => reader?.Version ?? version ?? WpsVersions.All[0];
        BodySize.Lift(context);
        await using var body = new MeasuredStream(context.Request.Body, most, () => WpsFault.TooLarge(Version(), most));
        try
        {
            using var xml = XmlReader.Create(body, XmlCursor.Settings);
            reader = new XmlRequestReader(xml, (used, id) => Begin(context, used, id, parts));
            var request = await reader.ReadAsync(cancellationToken);
            return new WpsReading(request.Version, request, null, body.Digest);
        }
        catch (OwsRefusedException refused)
        {
            return new WpsReading(Version(), null, refused.Fault, "");
        }
        catch (XmlException broken)
        {
            return new WpsReading(Version(), null, OwsFault.Other($"The request is no XML: {broken.Message}"), "");
        }
    }

    // Its process is the first thing that an execution names: nothing large was read before.
    private ExecuteDraft Begin(HttpContext context, WpsVersion version, string id, RequestParts parts) =>
        Bearer.Refuse(context, Rights.Run) is { } refusal ? throw new OwsRefusedException(OwsFault.Other(refusal.Detail, refusal.Status))
        : catalogues.Find(WpsAliases.Resolve(id)) is { } found
            ? new ExecuteDraft(parts, found.Process)
            : throw new OwsRefusedException(WpsFault.NoSuchProcess(version, id));
}
