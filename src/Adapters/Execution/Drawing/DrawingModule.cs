using GeoWps.Application.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace GeoWps.Adapters.Execution.Drawing;

internal static class DrawingModule
{
    public static IServiceCollection AddDrawing(this IServiceCollection services)
    {
        services.AddSingleton<Drawings>();
        services.AddSingleton<IDrawnInspector, QgisInspector>();
        services.AddSingleton<IFileInspector, QgisFileInspector>();
        services.AddSingleton<ITileSource, QgisTileSource>();
        services.AddSingleton<IPictureComposer, QgisComposer>();
        return services;
    }
}
