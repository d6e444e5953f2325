using GeoWps.Adapters.Execution.Catalogue;

namespace GeoWps.Tests.Unit.Execution.Catalogue;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("This algorithm computes a buffer.", "This algorithm computes a buffer.")]
    [InlineData("<p>One <b>bold</b> word</p>", "One bold word")]
    [InlineData("one<br>two<br/>three<BR />four", "one\ntwo\nthree\nfour")]
    [InlineData("<h3>Head</h3><p>body</p>", "Head\nbody")]
    [InlineData("<ul><li>a</li><li>b</li></ul>", "a\nb")]
    [InlineData("a &lt; b &amp; c &#233;", "a < b & c é")]
    [InlineData("where a < b and c > d", "where a < b and c > d")]
    [InlineData("&lt;script&gt;", "<script>")]
    [InlineData("a<!-- not\nshown -->b", "ab")]
    [InlineData("  many \t spaces  ", "many spaces")]
    [InlineData("one\r\n\r\n\r\n  two", "one\n\ntwo")]
    [InlineData("<a href=\"http://example.org/?a=1\">link</a>", "link")]
    public void Help_is_read_as_text(string html, string text) => PlainText.Of(html).ShouldBe(text);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("<p></p>")]
    [InlineData("<br/>&nbsp;")]
    public void Nothing_is_no_text(string? html) => PlainText.Of(html).ShouldBeNull();
}
