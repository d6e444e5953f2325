using System.IO.Compression;
using System.Text;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Safety;

/// <summary>What is packed stays in its place.</summary>
[Collection(StrangersServerTests.Name)]
public sealed class ArchiveTests(StrangersServer qgis)
{
    private const int SymbolicLink = unchecked((int)0xA1FF0000);

    [QgisTheory]
    [InlineData("../escaped.geojson")]
    [InlineData("a/../../escaped.geojson")]
    [InlineData("/tmp/escaped.geojson")]
    [InlineData("..\\escaped.geojson")]
    [InlineData("C:\\escaped.geojson")]
    public async Task A_file_beside_its_folder_makes_the_whole_zip_refused(string name)
    {
        var zip = Packed(("good.geojson", Sample.Point(0, 0).ToJsonString(), 0), (name, Sample.Point(0, 0).ToJsonString(), 0));

        (await CentroidsAsync(zip)).ShouldBe(400).Detail.ShouldStartWith("INPUT: ");
        Directory.GetFiles(qgis.Server.Directory, "escaped*", SearchOption.AllDirectories).ShouldBeEmpty();
        File.Exists("/tmp/escaped.geojson").ShouldBeFalse();
    }

    [QgisFact]
    public async Task A_link_is_no_file()
    {
        (await CentroidsAsync(Packed(("secret.geojson", qgis.Outside("secret.geojson"), SymbolicLink)))).ShouldBe(400).Detail.ShouldStartWith("INPUT: ");
    }

    [QgisFact]
    public async Task Much_out_of_little_is_refused()
    {
        var nothing = Sample.Point(0, 0).ToJsonString() + new string(' ', 64 * 1024 * 1024);

        (await CentroidsAsync(Packed(("big.geojson", nothing, 0)))).ShouldBe(400).Detail.ShouldStartWith("INPUT: ");
    }

    [QgisFact]
    public async Task The_good_one_alone_is_read()
    {
        (await CentroidsAsync(Packed(("good.geojson", Sample.Point(0, 0).ToJsonString(), 0)))).ShouldBe(200).FeatureCount.ShouldBe(1);
    }

    [QgisFact]
    public async Task A_table_that_names_another_table_is_refused()
    {
        const string Tab = "!table\n!version 300\nDefinition Table\n  Type LINKED\n  File \"{0}\"\n";

        (await CentroidsAsync(Packed(("t.tab", string.Format(System.Globalization.CultureInfo.InvariantCulture, Tab, qgis.Outside("secret.csv")), 0)))).ShouldBe(400);
    }

    private static byte[] Packed(params (string Name, string Content, int Attributes)[] files)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content, attributes) in files)
            {
                var entry = zip.CreateEntry(name);
                entry.ExternalAttributes = attributes;
                using var stream = entry.Open();
                stream.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return bytes.ToArray();
    }

    private Task<Answer> CentroidsAsync(byte[] zip) =>
        qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { value = Convert.ToBase64String(zip), encoding = "base64", mediaType = "application/zip" } } });
}
