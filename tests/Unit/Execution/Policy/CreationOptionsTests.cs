using GeoWps.Adapters.Execution.Policy;

namespace GeoWps.Tests.Unit.Execution.Policy;

public sealed class CreationOptionsTests
{
    [Theory]
    [InlineData("COMPRESS=DEFLATE")]
    [InlineData("compress=deflate")]
    [InlineData("COMPRESS=DEFLATE|PREDICTOR=2|ZLEVEL=9")]
    [InlineData("COMPRESS=JPEG|JPEG_QUALITY=75 | TILED=YES")]
    [InlineData("JPEG_QUALITY=100")]
    [InlineData("BIGTIFF=IF_SAFER|BLOCKXSIZE=256|BLOCKYSIZE=256")]
    [InlineData("COMPRESS=LERC_ZSTD|MAX_Z_ERROR=0.01")]
    public void Known_options_of_rasters_pass(string text) => OfRaster(text).ShouldBeNull();

    [Theory]
    [InlineData("TFW=YES")]
    [InlineData("WORLDFILE=YES")]
    [InlineData("PROFILE=GDALGeoTIFF")]
    [InlineData("ESRI_XML_PI=YES")]
    [InlineData("COPY_SRC_OVERVIEWS=YES")]
    [InlineData("GEOTIFF_VERSION=AUTO")]
    [InlineData("COMPRESS")]
    [InlineData("=LZW")]
    [InlineData("COMPRESS=LZW|TFW=YES")]
    [InlineData("COMPRESS=LZW|")]
    [InlineData("-co COMPRESS=LZW")]
    [InlineData("COMPRESS=LZW --config GDAL_HTTP_PROXY x")]
    [InlineData("COMPRESS=/etc/passwd")]
    [InlineData("COMPRESS=LZWX")]
    [InlineData("JPEG_QUALITY=0")]
    [InlineData("JPEG_QUALITY=101")]
    [InlineData("ZLEVEL=10")]
    [InlineData("BLOCKXSIZE=123456")]
    [InlineData("BLOCKXSIZE=-1")]
    public void Other_options_and_values_of_rasters_are_refused(string text) => OfRaster(text).ShouldNotBeNull();

    [Theory]
    [InlineData("-lco GEOMETRY_NAME=geom")]
    [InlineData("-lco ENCODING=UTF-8 -lco SPATIAL_INDEX=NO")]
    [InlineData("-dsco VERSION=1.2")]
    [InlineData("-dsco FORMAT=GML3.2 -lco COORDINATE_PRECISION=7")]
    [InlineData("-lco RFC7946=YES")]
    [InlineData("")]
    public void Known_options_of_vectors_pass(string text) => OfVector(text).ShouldBeNull();

    [Theory]
    [InlineData("GEOMETRY_NAME=geom")]
    [InlineData("-lco")]
    [InlineData("-lco GEOMETRY_NAME")]
    [InlineData("-lco GEOMETRY_NAME=a;b")]
    [InlineData("-lco CREATE_CSVT=YES")]
    [InlineData("-dsco XSISCHEMAURI=http://example.org/a.xsd")]
    [InlineData("-lco SPATIAL_INDEX=NO -sql \"SELECT 1\"")]
    [InlineData("-lco SPATIAL_INDEX=NO --config A B")]
    [InlineData("-oo DOWNLOAD_SCHEMA=YES")]
    [InlineData("-clipsrc /etc/passwd")]
    [InlineData("-lco SPATIAL_INDEX=NO /etc/passwd")]
    public void Other_options_and_values_of_vectors_are_refused(string text) => OfVector(text).ShouldNotBeNull();

    [Fact]
    public void A_refusal_names_what_is_taken_and_does_not_repeat_a_long_text()
    {
        var refusal = OfRaster(new string('X', 1000)).ShouldNotBeNull();

        refusal.ShouldContain("COMPRESS");
        refusal.ShouldNotContain(new string('X', 61));
    }

    private static string? OfRaster(string text) =>
        CreationOptions.Refuse(Described.Algorithm("gdal:warp", Described.Destination("OUTPUT", "rasterDestination")), text);

    private static string? OfVector(string text) =>
        CreationOptions.Refuse(Described.Algorithm("gdal:convert", Described.Destination("OUTPUT", "vectorDestination")), text);
}
