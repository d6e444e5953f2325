using GeoWps.Adapters.Http.Ows;

namespace GeoWps.Tests.Unit.Http.Ows;

public sealed class XmlLettersTests
{
    [Theory]
    [InlineData("plain ä €", "plain ä €")]
    [InlineData("a\u0001b\u0000", "a\uFFFDb\uFFFD")]
    [InlineData("tab\tline\n", "tab\tline\n")]
    [InlineData("\U0001F30D", "\U0001F30D")]
    public void What_XML_has_no_place_for_is_replaced(string text, string clean) => XmlLetters.Clean(text).ShouldBe(clean);

    [Fact]
    public void Half_a_character_is_none() => XmlLetters.Clean(new string(['a', (char)0xD83C, 'b', (char)0xDF0D])).ShouldBe("a\uFFFDb\uFFFD");
}
