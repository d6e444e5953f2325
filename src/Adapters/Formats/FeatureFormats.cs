using GeoWps.Application.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GeoWps.Adapters.Formats;

internal sealed class FeatureFormats : IFeatureFormats
{
    public Task<FeatureOutcome> WriteFlatGeobufAsync(Stream geoJson, Stream flatGeobuf, string layerName, CancellationToken cancellationToken) =>
        GeoJsonToFlatGeobuf.ConvertAsync(geoJson, flatGeobuf, layerName, cancellationToken);

    public Task WriteGeoJsonAsync(Stream flatGeobuf, Stream geoJson, CancellationToken cancellationToken) =>
        FlatGeobufToGeoJson.WriteAsync(flatGeobuf, geoJson, GeoJsonOptions.Default, cancellationToken);

    public async Task<string?> FindDamageAsync(Stream flatGeobuf, CancellationToken cancellationToken)
    {
        using var reader = new FlatGeobufReader(flatGeobuf);
        try
        {
            await reader.OpenAsync(cancellationToken);
            while (await reader.MoveNextAsync(cancellationToken))
            {
            }

            return null;
        }
        catch (InvalidDataException damage)
        {
            return damage.Message;
        }
    }
}

public static class FormatsModule
{
    public static IServiceCollection AddFeatureFormats(this IServiceCollection services)
    {
        services.TryAddSingleton<IFeatureFormats, FeatureFormats>();
        return services;
    }
}
