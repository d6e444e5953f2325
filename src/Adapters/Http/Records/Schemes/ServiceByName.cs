using GeoWps.Application.Nodes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Records.Schemes;

/// <summary>With <c>X-GeoWps-Service: records</c> the server's own address is that of the search: <c>/?type=C</c> finds what has the code C. A gateway does the same.</summary>
internal sealed class ServiceByName(RequestDelegate next)
{
    private const string Header = "X-GeoWps-Service";

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Path.Value is ("/" or "") && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && request.Headers[Header] == NodeServices.Records)
        {
            request.Path = "/" + RecordAddresses.Search;
        }

        return next(context);
    }
}
