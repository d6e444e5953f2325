using System.Text;
using GeoWps.Application.Files;
using GeoWps.Domain.Files;

namespace GeoWps.Tests.Unit.Files;

public sealed class ContentSniffingTests
{
    [Theory]
    [InlineData("II*\0", "a.txt", "image/tiff")]
    [InlineData("\u0089PNG\r\n", "a", "image/png")]
    [InlineData("%PDF-1.7", "a.html", "application/pdf")]
    [InlineData("PK\u0003\u0004", "a.zip", "application/zip")]
    [InlineData("PK\u0003\u0004", "a.kmz", "application/vnd.google-earth.kmz")]
    [InlineData("fgb\u0003fgb", "a", "application/flatgeobuf")]
    [InlineData("a,b\n1,2", "a.csv", "text/csv")]
    [InlineData("a,b\n1,2", "a.png", "text/plain")]
    [InlineData("{\"type\": \"FeatureCollection\"", "a.json", "application/geo+json")]
    [InlineData("{\"a\": 1}", "a.bin", "application/json")]
    [InlineData("<!DOCTYPE html><script>", "a.csv", "text/html")]
    [InlineData("<svg onload=x>", "a.png", "image/svg+xml")]
    [InlineData("\u0001\u0002", "a.csv", "application/octet-stream")]
    [InlineData("\u0001\u0002", "a.dbf", "application/x-dbf")]
    [InlineData("", "a.csv", "text/csv")]
    public void The_content_tells_its_type_and_the_name_only_which_text_or_archive(string begin, string name, string type) =>
        ContentSniffing.TypeOf(Encoding.Latin1.GetBytes(begin), name).ShouldBe(type);

    [Fact]
    public void Text_in_any_script_is_text_even_when_its_last_character_is_cut_off() =>
        ContentSniffing.TypeOf("長江"u8[..5], "a.txt").ShouldBe("text/plain");

    [Fact]
    public void A_GeoPackage_is_more_than_a_database()
    {
        var head = new byte[100];
        "SQLite format 3\0"u8.CopyTo(head);
        ContentSniffing.TypeOf(head, "a.gpkg").ShouldBe("application/vnd.sqlite3");
        "GPKG"u8.CopyTo(head.AsSpan(68));
        ContentSniffing.TypeOf(head, "a").ShouldBe("application/geopackage+sqlite3");
    }

    [Theory]
    [InlineData("http://here/files/a%20b/%E6%B1%9F.gpkg#layername=x", "a b/江.gpkg")]
    [InlineData("/files/a.tif?x=1", "a.tif")]
    [InlineData("/files/e\u0301", "\u00e9")]
    [InlineData("//files/a", null)]
    [InlineData("/files/", null)]
    [InlineData("/files/../a", null)]
    [InlineData("http://elsewhere/files/a", null)]
    [InlineData("/filesystem/a", null)]
    public void An_address_of_our_own_names_a_file(string href, string? path)
    {
        OwnFiles.TryParse(href, "http://here/", out FilePath? own).ShouldBe(path is not null);
        own?.Text.ShouldBe(path);
    }
}
