using GeoWps.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Application.Files;

public static class FilesModule
{
    /// <summary>Files and their owners.</summary>
    public static IServiceCollection AddFiles(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<FilesOptions>(configuration, FilesOptions.Section);
        services.AddSingleton<FileNews>();
        services.AddSingleton<FileLibrary>();
        services.AddSingleton<FileChanges>();
        services.AddSingleton<FilePlaces>();
        services.AddSingleton<StoreFile>();
        services.AddSingleton<RemoveFile>();
        services.AddSingleton<RelocateFile>();
        services.AddSingleton<SaveResult>();
        services.AddSingleton<FileInputs>();
        services.AddSingleton<ReadContents>();
        services.AddSingleton<FilesKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<FilesKeeper>());
        return services;
    }
}
