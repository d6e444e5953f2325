using GeoWps.Domain.Nodes;

namespace GeoWps.Adapters.Gateway.Nodes;

/// <summary>Offers as they are read from JSON, where what is left out is null whatever the types say.</summary>
internal static class NodeOffers
{
    /// <returns>The offer without what is not whole; <see langword="null"/> when it is none.</returns>
    public static NodeOffer? Complete(NodeOffer? offer) => offer is not { Services: { } services, Processes: { } processes } ? null : offer with
    {
        Name = offer.Name ?? "",
        Version = offer.Version ?? "",
        Services =
        [
            .. services.Where(service => service is { Service.Length: > 0, Routes: not null })
                .Select(service => service with { Routes = [.. service.Routes.Where(route => route is { Template: not null }).Select(route => route with { Methods = route.Methods ?? [] })] }),
        ],
        Processes = Complete(processes),
        Elsewhere = Complete(offer.Elsewhere ?? []),
    };

    private static ProcessOffer[] Complete(IReadOnlyList<ProcessOffer> processes) =>
        [.. processes.Where(process => process is { Id.Length: > 0 }).Select(process => process with { Version = process.Version ?? "" })];
}
