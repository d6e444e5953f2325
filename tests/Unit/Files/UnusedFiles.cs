using System.Runtime.CompilerServices;
using GeoWps.Application.Files;
using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Tests.Unit.Files;

internal static class UnusedFiles
{
    /// <summary>What the endpoints of files are made with, for hosts whose tests never ask for one.</summary>
    public static void AddUnusedFiles(this IServiceCollection services)
    {
        foreach (var type in new[] { typeof(FileLibrary), typeof(StoreFile), typeof(RemoveFile), typeof(RelocateFile), typeof(SaveResult), typeof(ReadContents) })
        {
            services.AddSingleton(type, RuntimeHelpers.GetUninitializedObject(type));
        }
    }
}
