using GeoWps.Adapters.Execution.Databases;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution.Documents;

internal static class DocumentsModule
{
    public static void AddDocuments(this IServiceCollection services)
    {
        services.AddSingleton(provider => new PdfText(
            provider.GetRequiredService<IOptions<PythonOptions>>().Value, provider.GetRequiredService<IOptions<RecordsOptions>>(), provider.GetRequiredService<ILogger<PdfText>>()));
        services.AddSingleton<IDocumentText, DocumentText>();
        services.AddSingleton<IDocumentPicture>(provider => new PdfPicture(provider.GetRequiredService<IOptions<PythonOptions>>().Value, provider.GetRequiredService<IOptions<RecordsOptions>>()));
        services.AddSingleton(provider => new OgrRows(provider.GetRequiredService<IOptions<PythonOptions>>().Value));
        services.AddSingleton<IHarvestReader, OgrHarvest>();
    }
}
