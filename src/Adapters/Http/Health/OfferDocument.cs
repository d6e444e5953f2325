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
internal sealed class OfferDocument(ThisNode node, EndpointDataSource endpoints, ProcessCatalogues catalogues, ClusterStore? store = null) : INodeOffer
{
    private Made? _made;

    public NodeOffer Current => Fresh().Offer;

    /// <summary>As it is sent, with the tag of its content.</summary>
    public (byte[] Bytes, EntityTagHeaderValue Tag) Written
    {
        get
        {
            var made = Fresh();
            return (made.Bytes, made.Tag);
        }
    }

    private Made Fresh()
    {
        var catalogue = catalogues.Current;
        var made = _made;

        // Two requests may both make it: the same document twice.
        return made is not null && ReferenceEquals(made.Catalogue, catalogue) ? made : _made = Make(catalogue);
    }

    private Made Make(ProcessCatalogue catalogue)
    {
        var offer = new NodeOffer(node.Id, node.Name, node.Version, Services(), Processes(catalogue, elsewhere: false)) { Elsewhere = Processes(catalogue, elsewhere: true), Store = store?.Id };
        var bytes = NodeOfferDocument.Write(offer);
        return new Made(catalogue, offer, bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\""));
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

    private ProcessOffer[] Processes(ProcessCatalogue catalogue, bool elsewhere) => node.Offers(NodeServices.Processes)
        ?
        [
            .. catalogue.Processes.Values.Where(process => catalogues.Find(process.Id) is { } found && found.Provider.IsElsewhere == elsewhere)
                .OrderBy(process => process.Id, StringComparer.Ordinal)
                .Select(process => new ProcessOffer(process.Id, process.Version)),
        ]
        : [];

    private sealed record Made(ProcessCatalogue Catalogue, NodeOffer Offer, byte[] Bytes, EntityTagHeaderValue Tag);
}
