using System.Net;
using GeoWps.Application;
using GeoWps.Application.Security;

namespace GeoWps.Tests.Unit.Security;

public sealed class AnonymousTests
{
    [Theory]
    [InlineData(null, Rights.Run | Rights.Files, Rights.Run)]
    [InlineData("run", Rights.Run, Rights.Run)]
    [InlineData("none", Rights.None, Rights.None)]
    [InlineData("Run,publish", Rights.Run | Rights.Publish, Rights.Run | Rights.Publish)]
    public void What_the_settings_say_holds_for_everybody_and_without_it_who_is_here_may_more(string? setting, Rights local, Rights other)
    {
        var options = new SecurityOptions { Anonymous = setting?.Split(',') };
        Failures(options).ShouldBeEmpty();
        options.RightsOfAnonymous(isLocal: true).ShouldBe(local);
        options.RightsOfAnonymous(isLocal: false).ShouldBe(other);
    }

    [Theory]
    [InlineData("admin", "or everybody would be the administrator")]
    [InlineData("run,ADMIN", "or everybody would be the administrator")]
    [InlineData("read", "'read' is not allowed; some of run, files, publish; or none")]
    [InlineData("none,run", "'none,run' is not allowed")]
    [InlineData("", "'' is not allowed")]
    public void A_wrong_setting_stops_the_start(string setting, string why) =>
        Failures(new SecurityOptions { Anonymous = setting.Split(',') }).ShouldContain(failure => failure.StartsWith("Security:Anonymous: ") && failure.Contains(why));

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:8080", null, false, true)]
    [InlineData("::1", "[::1]:8080", null, false, true)]
    [InlineData("::ffff:127.0.0.1", "localhost", "http://localhost", false, true)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "http://127.0.0.1:8080", false, true)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "http://127.0.0.1:3000", false, false)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "https://example.org", false, false)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "null", false, false)]
    [InlineData("127.0.0.1", "example.org:8080", null, false, false)]
    [InlineData("127.0.0.1", "", null, false, false)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", null, true, false)]
    [InlineData("10.0.0.1", "127.0.0.1:8080", null, false, false)]
    public void Who_asks_here_does_so_over_loopback_by_its_name_from_no_page_of_others_and_past_no_proxy(string remote, string host, string? page, bool forwarded, bool local) =>
        new RequestOrigin(IPAddress.Parse(remote), host, page, forwarded).IsLocal.ShouldBe(local);

    [Theory]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://127.8.9.1:80/", true)]
    [InlineData("https://localhost:8443", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("http://*:8080", false)]
    [InlineData("http://+:8080", false)]
    [InlineData("http://0.0.0.0:8080", false)]
    [InlineData("http://[::]:8080", false)]
    [InlineData("http://10.0.0.1", false)]
    [InlineData("http://localhost.example.org:8080", false)]
    [InlineData("http://unix:/run/geowps.sock", false)]
    public void Addresses_of_loopback_are_known(string address, bool loopback) => RequestOrigin.IsLoopbackAddress(address).ShouldBe(loopback);

    private static IEnumerable<string> Failures(SecurityOptions options) => new SecurityOptionsValidator().Validate(null, options).Failures ?? [];
}
