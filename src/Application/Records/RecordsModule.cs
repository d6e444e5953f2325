using GeoWps.Application.Records.Use;
using GeoWps.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GeoWps.Application.Records;

public static class RecordsModule
{
    /// <summary>Records of what this server has, and <see cref="RecordKeeper"/> for whoever has more.</summary>
    public static IServiceCollection AddRecords(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<RecordsOptions>(configuration, RecordsOptions.Section);
        services.AddSingleton<RecordKeeper>();
        services.AddSingleton<LayerValues>();
        services.AddSingleton<OwnRecords>();
        services.AddHostedService(provider => provider.GetRequiredService<OwnRecords>());
        services.AddSingleton<FileRecords>();
        services.AddHostedService(provider => provider.GetRequiredService<FileRecords>());
        services.TryAddSingleton<UseCounts>();
        services.AddHostedService(provider => provider.GetRequiredService<UseCounts>());
        return services;
    }
}
