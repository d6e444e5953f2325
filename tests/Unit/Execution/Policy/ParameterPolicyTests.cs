using GeoWps.Adapters.Execution.Catalogue;
using GeoWps.Adapters.Execution.Policy;

namespace GeoWps.Tests.Unit.Execution.Policy;

public sealed class ParameterPolicyTests
{
    private static readonly AlgorithmDescriptor _algorithm = Described.Algorithm("gdal:warp", Described.Destination("OUTPUT", "rasterDestination"));

    [Theory]
    [InlineData("number")]
    [InlineData("distance")]
    [InlineData("field")]
    [InlineData("extent")]
    [InlineData("string")]
    [InlineData("crs")]
    public void A_data_defined_value_is_refused_whoever_sends_it(string type)
    {
        const string Value = """{"type": "data-defined", "expression": "env('HOME')"}""";

        Refuse("A", type, Value).ShouldNotBeNull().ShouldContain("data-defined");
        ParameterPolicy.Refuse(_algorithm, Described.Parameter("A", type), Described.Json(Value), trusted: true).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""{"type": "Point", "coordinates": [1, 2]}""")]
    [InlineData("""{"type": 1}""")]
    [InlineData("""{"bbox": [1, 2, 3, 4]}""")]
    [InlineData("[1, 2]")]
    [InlineData("1.5")]
    [InlineData("null")]
    [InlineData("\"\"")]
    public void Any_other_value_that_is_no_text_passes(string json) => Refuse("A", "point", json).ShouldBeNull();

    [Theory]
    [InlineData("EPSG:4326")]
    [InlineData("OGC:CRS84")]
    [InlineData("[EPSG:4326]")]
    [InlineData("urn:ogc:def:crs:EPSG::3857")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/3857")]
    [InlineData("https://www.opengis.net/def/crs/OGC/1.3/CRS84")]
    [InlineData("http://www.opengis.net/gml/srs/epsg.xml#4326")]
    [InlineData("""GEOGCRS["WGS 84",DATUM["World Geodetic System 1984",ELLIPSOID["WGS 84",6378137,298.257223563]],ID["EPSG",4326]]""")]
    public void A_CRS_passes_in_every_usual_spelling(string crs) => Refuse("CRS", "crs", Described.Text(crs).GetRawText()).ShouldBeNull();

    [Theory]
    [InlineData("+proj=longlat +nadgrids=/etc/passwd +no_defs")]
    [InlineData("+PROJ=utm +zone=33")]
    [InlineData("+init=epsg:4326 +geoidgrids=egm96_15.gtx")]
    [InlineData("""BOUNDCRS[SOURCECRS[GEOGCRS["a"]],ABRIDGEDTRANSFORMATION["b",PARAMETERFILE["c","ntv2.gsb"]]]""")]
    [InlineData("""GEOGCS["a",EXTENSION["PROJ4","nadgrids = x"]]""")]
    [InlineData("/etc/passwd")]
    [InlineData("/vsicurl/http/a.prj")]
    [InlineData("file:a.prj")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://example.org/a.wkt")]
    [InlineData("http://www.opengis.net.example.org/def/crs/EPSG/0/3857")]
    [InlineData("http://www.opengis.net/def/crs/EPSG/0/3857 http://example.org/")]
    [InlineData("a.json")]
    public void A_CRS_that_names_a_grid_a_file_or_an_address_is_refused(string crs)
    {
        var json = Described.Text(crs);

        ParameterPolicy.Refuse(_algorithm, Described.Parameter("CRS", "crs"), json, trusted: false).ShouldNotBeNull().ShouldContain("EPSG:4326");
        ParameterPolicy.Refuse(_algorithm, Described.Parameter("CRS", "crs"), json, trusted: true).ShouldBeNull();
    }

    [Fact]
    public void A_CRS_has_a_longest_length()
    {
        Refuse("CRS", "crs", $"\"{new string('A', 4096)}\"").ShouldBeNull();
        Refuse("CRS", "crs", $"\"{new string('A', 4097)}\"").ShouldNotBeNull().ShouldContain("4096");
    }

    [Theory]
    [InlineData("+proj=pipeline +step +proj=hgridshift +grids=/etc/passwd")]
    [InlineData("+proj=pipeline +step +proj=vgridshift +grids = a")]
    [InlineData("+proj=pipeline +step +inv +proj=deformation +xy_grids=a.gsb")]
    [InlineData("https://example.org/grid")]
    [InlineData("ntv2.gsb")]
    public void An_operation_that_names_a_grid_or_an_address_is_refused(string operation) =>
        Refuse("OPERATION", "coordinateoperation", Described.Text(operation).GetRawText()).ShouldNotBeNull().ShouldContain("grid");

    [Fact]
    public void An_operation_without_a_file_passes_for_QGIS_to_judge() =>
        Refuse("OPERATION", "coordinateoperation", "\"+proj=pipeline +step +proj=axisswap +order=2,1\"").ShouldBeNull();

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("DATASOURCE_OPTIONS")]
    [InlineData("LAYER_OPTIONS")]
    public void Creation_options_are_judged_wherever_they_stand(string name)
    {
        Refuse(name, "string", "\"APPEND_SUBDATASET=YES\"").ShouldNotBeNull();
        Refuse(name, "string", "\"COMPRESS=LZW\"").ShouldBeNull();
        ParameterPolicy.Refuse(_algorithm, Described.Parameter(name, "string"), Described.Text("ANY=THING"), trusted: true).ShouldBeNull();
    }

    [Fact]
    public void A_text_that_stands_for_itself_may_say_anything() => Refuse("TITLE", "string", "\"/etc/passwd +proj=a.gsb\"").ShouldBeNull();

    private static string? Refuse(string name, string type, string json) =>
        ParameterPolicy.Refuse(_algorithm, Described.Parameter(name, type), Described.Json(json), trusted: false);
}
