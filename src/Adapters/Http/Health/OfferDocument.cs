using System.Security.Cryptography;
using FastEndpoints;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace GeoWps.Adapters.Http.Health;

/// <summary>What this node offers, made of what it has: the endpoints that are mapped and the processes of the catalogue. Made anew when the catalogue changes.</summary>
internal sealed class OfferDocument(ThisNode node, EndpointDataSource endpoints, ProcessCatalogues catalogues)
{
    private Made? _made;

    public (byte[] Bytes, EntityTagHeaderValue Tag) Current
    {
        get
        {
            var catalogue = catalogues.Current;
            var made = _made;
            if (made is null || !ReferenceEquals(made.Catalogue, catalogue))
            {
                // Two requests may both make it: the same document twice.
                _made = made = Make(catalogue);
            }

            return (made.Bytes, made.Tag);
        }
    }

    private Made Make(ProcessCatalogue catalogue)
    {
        var bytes = NodeOfferDocument.Write(new NodeOffer(node.Id, node.Name, node.Version, Services(), Processes(catalogue)));
        return new Made(catalogue, bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\""));
    }

    private ServiceOffer[] Services() =>
    [
        .. endpoints.Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (
                Template: endpoint.RoutePattern.RawText is ['/', ..] rooted ? rooted : $"/{endpoint.RoutePattern.RawText}",
                Methods: endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [],
                Type: endpoint.Metadata.GetMetadata<EndpointDefinition>()?.EndpointType))
            .Where(route => route.Type is not null && EndpointServices.IsOffered(route.Template))
            .GroupBy(route => EndpointServices.Of(route.Type!))
            .OrderBy(service => service.Key, StringComparer.Ordinal)
            .Select(service => new ServiceOffer(service.Key, RoutesOf(service.Select(route => (route.Template, route.Methods))))),
    ];

    // One path's methods may be several endpoints'.
    private static RouteOffer[] RoutesOf(IEnumerable<(string Template, IReadOnlyList<string> Methods)> routes) =>
    [
        .. routes.GroupBy(route => route.Template, StringComparer.Ordinal)
            .OrderBy(path => path.Key, StringComparer.Ordinal)
            .Select(path => new RouteOffer(path.Key, [.. path.SelectMany(route => route.Methods).Distinct().Order(StringComparer.Ordinal)])),
    ];

    private ProcessOffer[] Processes(ProcessCatalogue catalogue) => node.Offers(NodeServices.Processes)
        ? [.. catalogue.Processes.Values.OrderBy(process => process.Id, StringComparer.Ordinal).Select(process => new ProcessOffer(process.Id, process.Version))]
        : [];

    private sealed record Made(ProcessCatalogue Catalogue, byte[] Bytes, EntityTagHeaderValue Tag);
}
