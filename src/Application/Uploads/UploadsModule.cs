using GeoWps.Application.Ports;
using GeoWps.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GeoWps.Application.Uploads;

public static class UploadsModule
{
    /// <summary>Files that come in parts, for the library of files.</summary>
    public static IServiceCollection AddUploads(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<UploadsOptions>(configuration, UploadsOptions.Section);
        services.TryAddSingleton<IFinishedUploads, FiledUploads>();
        services.AddSingleton<UploadLimit>();
        services.AddSingleton<UploadHolds>();
        services.AddSingleton<FinishUpload>();
        services.AddSingleton<CreateUpload>();
        services.AddSingleton<AppendToUpload>();
        services.AddSingleton<LookAtUpload>();
        services.AddSingleton<EndUpload>();
        services.AddSingleton<UploadKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<UploadKeeper>());
        return services;
    }
}
