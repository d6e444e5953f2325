using System.Text;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>
/// As it is when nobody has set anything, but for one host that may be fetched from. Beside it lies what nobody may reach: files with a secret word,
/// and a web server that must never be asked.
/// </summary>
public sealed class StrangersServer : QgisServer
{
    private readonly DirectoryInfo _outside = Directory.CreateTempSubdirectory("geowps-outside-");

    public StrangersServer()
    {
        Secret = $"canary{Guid.NewGuid():N}";
        Secrets.Add(Secret);
        Secrets.Add(_outside.FullName);
        File.WriteAllText(Outside("secret.csv"), $"name,WKT\n{Secret},POINT(1 1)\n");
        File.WriteAllText(Outside("secret.geojson"), Sample.Point(1, 1).ToJsonString().Replace("here", Secret, StringComparison.Ordinal));
        File.WriteAllText(Outside("secret.txt"), Secret);
        File.WriteAllBytes(Outside("secret.zip"), Sample.Zip(Outside("secret.geojson")));
        File.Copy(Sample.Dem, Outside("secret.tif"));
        Gdal.Vector(Outside("secret.geojson"), "secret.gpkg", "GPKG");
        File.Copy(Gdal.PathOf("secret.gpkg"), Outside("secret.gpkg"));
        Canary.Put("secret.geojson", File.ReadAllBytes(Outside("secret.geojson")));
        Canary.Put("secret.tif", File.ReadAllBytes(Sample.Dem));
    }

    /// <summary>In every file outside.</summary>
    public string Secret { get; }

    /// <summary>On this machine, and not allowed.</summary>
    public FileHost Canary { get; } = new();

    public string Outside(string name) => Path.Combine(_outside.FullName, name);

    public override async Task DisposeAsync()
    {
        try
        {
            await base.DisposeAsync();
            Canary.Requests.ShouldBeEmpty("somebody reached what nobody may reach");
        }
        finally
        {
            Canary.Dispose();
            _outside.Delete(recursive: true);
        }
    }

    protected override string[] Settings() => ["--Inputs:AllowedHosts", $"127.0.0.1:{Files.Port}", "--Python:Workers", "2"];

    /// <summary>The text of a virtual vector layer that reads another file or address.</summary>
    internal static byte[] VirtualVector(string source) => Encoding.UTF8.GetBytes(
        $"<OGRVRTDataSource><OGRVRTLayer name=\"secret\"><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>");

    internal static byte[] VirtualRaster(string source) => Encoding.UTF8.GetBytes(
        $"""
        <VRTDataset rasterXSize="403" rasterYSize="344"><VRTRasterBand dataType="Int16" band="1"><SimpleSource>
        <SourceFilename relativeToVRT="0">{source}</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>
        """);
}

[CollectionDefinition(Name)]
public sealed class StrangersServerTests : ICollectionFixture<StrangersServer>
{
    public const string Name = "strangers";
}
