using System.Diagnostics;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Layers;

/// <summary>A server whose token the tests know, one QGIS process, a folder of the operator's, room for three published results.</summary>
public sealed class LayersServer : QgisServer
{
    public const string Token = "token-of-the-tests-0";

    private readonly DirectoryInfo _operators = Directory.CreateTempSubdirectory("geowps-layers-");

    /// <summary>Open for files by their path.</summary>
    public string Folder => _operators.FullName;

    public static string SampleOf(string name) => Path.Combine(Metadata("Samples"), name);

    /// <summary>As the administrator.</summary>
    public Task<Answer> AdministerAsync(HttpMethod method, string path, object? form = null, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, form is null ? null : new StringContent(form as string ?? JsonSerializer.Serialize(form), Encoding.UTF8, "application/json"), [("Authorization", $"Bearer {Token}"), .. headers]);

    public Task<Answer> SendDataAsync(HttpMethod method, string path, byte[] data, string type)
    {
        var content = new ByteArrayContent(data);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return SendAsync(method, path, content, ("Authorization", $"Bearer {Token}"));
    }

    public async Task<JsonElement> LayerAsync(string id) => (await AdministerAsync(HttpMethod.Get, $"admin/layers/{id}")).ShouldBe(200).Json;

    /// <summary>The command line client.</summary>
    public async Task<(int Code, string Out, string Error)> ShellAsync(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach([Metadata("HostAssembly"), .. words, "--server", Server.Address.ToString()], start.ArgumentList.Add);
        start.Environment["GEOWPS_TOKEN"] = Token;
        using var shell = Process.Start(start)!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();
        return (shell.ExitCode, await output, await error);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _operators.Delete(recursive: true);
    }

    protected override string[] Settings()
    {
        Secrets.Add(Folder);
        return ["--Python:Workers", "1", "--Security:AdminToken", Token, "--Layers:Folders", Folder, "--Layers:MaxPublished", "3", "--Limits:MaxBodyBytes", "20000000"];
    }

    private static string Metadata(string key) =>
        typeof(LayersServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}

[CollectionDefinition(Name)]
public sealed class LayersServerTests : ICollectionFixture<LayersServer>
{
    public const string Name = "layers";
}
