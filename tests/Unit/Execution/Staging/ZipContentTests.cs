using GeoWps.Adapters.Execution.Staging;

namespace GeoWps.Tests.Unit.Execution.Staging;

public sealed class ZipContentTests
{
    [Theory]
    [InlineData("images/a.png legend.png doc.kml", "doc.kml")]
    [InlineData("roads.dbf roads.prj roads.shp roads.shx roads.cpg", "roads.shp")]
    [InlineData("Roads.DBF Roads.SHX Roads.SHP", "Roads.SHP")]
    [InlineData("table.dbf roads.shp roads.dbf", "table.dbf")]
    [InlineData("table.dbf table.cpg", "table.dbf")]
    [InlineData("roads.shp.xml roads.dbf roads.shp", "roads.shp")]
    [InlineData("dem.tfw dem.tif.aux.xml dem.aux.xml dem.tif.ovr dem.tif", "dem.tif")]
    [InlineData("city.xsd city.gfs city.gml", "city.gml")]
    [InlineData("a.dat a.map a.id a.ind a.tab", "a.tab")]
    [InlineData("a.mid a.mif", "a.mif")]
    [InlineData("readme.txt metadata.xml sub/deep/b.gpkg", "sub/deep/b.gpkg")]
    [InlineData("b.geojson a.geojson", "b.geojson")]
    [InlineData("__MACOSX/._a.shp ._b.shp a.shp a.dbf", "a.shp")]
    [InlineData("readme.md city.xml", "city.xml")]
    [InlineData("style.qml a.prj", "style.qml")]
    [InlineData("strange.xyz", "strange.xyz")]
    [InlineData("roads.prj", "roads.prj")]
    [InlineData("readme.md a.docx", null)]
    [InlineData("", null)]
    public void The_main_file_is_the_first_that_is_data(string files, string? main) =>
        SafeZip.MainFile(files.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ShouldBe(main);
}
