using System.Text;
using GeoWps.Adapters.Execution.Staging;

namespace GeoWps.Tests.Unit.Execution.Staging;

public sealed class TableTextTests
{
    [Theory]
    [InlineData("lon,lat\n8,50\n")]
    [InlineData("lon;lat;name\r\n8,5;50,2;\"a;b\"\r\n")]
    [InlineData("x\ty\n1\t2")]
    [InlineData("\"WKT\",\"a name\"\n\"POLYGON ((0 0, 1\n0, 0 0))\",x\n")]
    [InlineData("id,Fläche (m²)\n1,2")]
    [InlineData("WKT,n\n\"MULTIPOLYGON (((0 0,1 1")]
    public void A_line_of_names_over_a_line_of_values_is_a_table(string text) => TableText.Is(text).ShouldBeTrue();

    [Theory]
    [InlineData("just words\nand more words")]
    [InlineData("a,b")]
    [InlineData("a,b\n")]
    [InlineData("Dear Sir,\nI write to you, Sir, today")]
    [InlineData("8,50\n9,51")]
    [InlineData("/etc/passwd,x\n1,2")]
    [InlineData("url=http://a,b\n1,2")]
    [InlineData("")]
    public void Other_texts_are_none(string text) => TableText.Is(text).ShouldBeFalse();

    [Theory]
    [InlineData("WKT,name", true)]
    [InlineData("lon;lat", true)]
    [InlineData("polygon.gpkg", false)]
    [InlineData("/a,b", false)]
    [InlineData("C:\\a,b", false)]
    [InlineData("a|layername=b,c", false)]
    public void One_line_of_names_is_a_table_without_rows(string line, bool isHeader) => TableText.IsHeader(Encoding.UTF8.GetBytes(line)).ShouldBe(isHeader);
}
