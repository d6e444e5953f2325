using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Processes;
using GeoWps.Application.Processes.Deployment;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Http.Deployment;

/// <summary>Reads an application package, a model or a script off the wire; what can be refused by its head is refused by its head.</summary>
internal sealed class PackageBody(IOptions<RequestLimits> limits)
{
    /// <summary>How a body is called: <c>Content-Disposition: …; filename=around.model3</c>, or <c>Slug</c> (RFC 5023, clause 9.7).</summary>
    public async Task<(PackageCall? Call, Problem? Problem)> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (request, most) = (context.Request, limits.Value.MaxPackageBytes);
        var name = FileName(request);
        if (!PackageReader.Takes(request.ContentType, name))
        {
            var allowed = string.Join(", ", PackageMedia.Package, PackageMedia.Model, PackageMedia.Script);
            context.Response.Headers.Accept = allowed;
            return (null, Problems.NotDeployable(request.ContentType ?? "a body without a type", allowed));
        }

        BodySize.Lift(context);
        var body = new MemoryStream();
        var buffer = new byte[81_920];
        while (request.ContentLength is not { } length || length <= most)
        {
            var read = await request.Body.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                var wanted = request.Query["w"].ToString();
                return (new PackageCall(request.ContentType, body.ToArray(), name, wanted.Length == 0 ? null : wanted), null);
            }

            body.Write(buffer, 0, read);
            if (body.Length > most)
            {
                break;
            }
        }

        return (null, Problems.PackageTooLarge(most));
    }

    private static string? FileName(HttpRequest request) =>
        SentFileName.Of(request) ?? (request.Headers["Slug"].ToString() is { Length: > 0 } slug ? Uri.UnescapeDataString(slug) : null);
}
