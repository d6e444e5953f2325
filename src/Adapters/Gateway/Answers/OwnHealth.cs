using GeoWps.Adapters.Gateway.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace GeoWps.Adapters.Gateway.Answers;

/// <summary>Health of the gateway, and of the cluster as it sees it.</summary>
internal sealed class OwnHealth(NodeDirectory directory, IHostApplicationLifetime lifetime)
{
    public static byte[] Status(string status) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("status", status);
        json.WriteEndObject();
    });

    /// <summary>Ready as soon as it knows which nodes are there, even when it is none: then it can say so.</summary>
    public Task ReadyAsync(HttpContext context) =>
        lifetime.ApplicationStopping.IsCancellationRequested ? JsonText.SendAsync(context, Status("stopping"), StatusCodes.Status503ServiceUnavailable)
        : directory.IsSettled ? JsonText.SendAsync(context, Status("ready"))
        : JsonText.SendAsync(context, Status("starting"), StatusCodes.Status503ServiceUnavailable);

    /// <summary><c>ok</c>, <c>degraded</c> when a node is out, <c>down</c> when a service has none; 503 for the last.</summary>
    public Task ClusterAsync(HttpContext context)
    {
        var services = directory.Services.Values.OrderBy(service => service.Service, StringComparer.Ordinal).Select(service => (service.Service, service.Nodes.Length, In: service.Nodes.Count(node => node.IsIn))).ToArray();
        var isDown = services.Length == 0 || Array.Exists(services, service => service.In == 0);
        var body = JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("status", isDown ? "down" : Array.Exists(services, service => service.In < service.Length) ? "degraded" : "ok");
            json.WriteStartArray("services");
            foreach (var (service, nodes, nodesIn) in services)
            {
                json.WriteStartObject();
                json.WriteString("service", service);
                json.WriteNumber("nodes", nodes);
                json.WriteNumber("nodesIn", nodesIn);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
        return JsonText.SendAsync(context, body, isDown ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }
}
