using GeoWps.Adapters.References;

namespace GeoWps.Tests.Unit.References;

public sealed class AllowedHostsTests
{
    [Theory]
    [InlineData("data.example.org", "DATA.example.ORG", 80, true)]
    [InlineData("data.example.org", "data.example.org.", 443, true)]
    [InlineData("data.example.org", "x.data.example.org", 80, false)]
    [InlineData("data.example.org", "data.example.org.evil.net", 80, false)]
    [InlineData("127.0.0.1", "127.0.0.1", 9000, true)]
    [InlineData("127.0.0.1", "localhost", 9000, false)]
    [InlineData("127.0.0.1:9000", "127.0.0.1", 9000, true)]
    [InlineData("127.0.0.1:9000", "127.0.0.1", 9001, false)]
    [InlineData("::1", "::1", 80, true)]
    [InlineData("::1", "[0:0::1]", 80, true)]
    [InlineData("[::1]:8080", "::1", 8080, true)]
    [InlineData("[::1]:8080", "::1", 8081, false)]
    public void An_entry_allows_one_host_and_no_other(string entry, string host, int port, bool allowed) =>
        new AllowedHosts([entry]).Contain(host, port).ShouldBe(allowed);

    [Theory]
    [InlineData("http://data.example.org")]
    [InlineData("data.example.org/folder")]
    [InlineData("*.example.org")]
    [InlineData("data.example.org:0")]
    [InlineData("data.example.org:http")]
    [InlineData("10.0.0.0/8")]
    [InlineData("")]
    public void What_names_no_single_host_is_no_entry(string entry) => AllowedHosts.IsValid(entry).ShouldBeFalse();
}
