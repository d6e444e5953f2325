using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>The API definition as bytes and as a page, made once for each catalogue and each address under which callers reach the server.</summary>
internal sealed class ApiDocuments(ProcessCatalogues catalogues)
{
    private readonly PerAddress<Snapshot> _snapshots = new(catalogues, (catalogue, baseAddress) => new Snapshot(catalogue, baseAddress));

    public StoredAnswer At(string baseAddress) => _snapshots.At(baseAddress).Definition.Value;

    public StoredPage PageAt(string baseAddress) => _snapshots.At(baseAddress).Page.Value;

    /// <summary>What does not depend on the processes, indented, so that the committed copy shows each change as lines.</summary>
    public static byte[] Write(string baseAddress) =>
        JsonSerializer.SerializeToUtf8Bytes(ApiDefinition.Make(baseAddress), new JsonSerializerOptions(JsonSerializerOptions.Default)
        {
            WriteIndented = true,
            Encoder = JsonAnswer.Form.Encoder,
        });

    private sealed class Snapshot(ProcessCatalogue catalogue, string baseAddress)
    {
        public Lazy<StoredAnswer> Definition { get; } = new(() =>
        {
            var definition = ApiDefinition.Make(baseAddress);
            ProcessOperations.Add(definition, catalogue);
            return new StoredAnswer(JsonAnswer.Bytes(json => definition.WriteTo(json)), Media.OpenApi);
        });

        public Lazy<StoredPage> Page { get; } = new(() => ApiPage.Of(ApiDefinition.Make(baseAddress), baseAddress));
    }
}
