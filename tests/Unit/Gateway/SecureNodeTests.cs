using System.Net;
using System.Security.Cryptography.X509Certificates;
using GeoWps.Adapters.Gateway;
using GeoWps.Domain.Nodes;
using GeoWps.Tests.Unit.Storage;
using Microsoft.AspNetCore.Http;
using static GeoWps.Tests.Unit.Gateway.TestCertificates;

namespace GeoWps.Tests.Unit.Gateway;

/// <summary>Nodes that speak TLS, with certificates of an authority that was made here.</summary>
public sealed class SecureNodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _authority = AuthorityOf("CN=Authority of the tests");

    public SecureNodeTests() => File.WriteAllText(_folder["authority.pem"], _authority.ExportCertificatePem());

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_node_whose_certificate_the_authority_signed_is_asked_in_HTTP_2()
    {
        using var certificate = Signed(_authority, "127.0.0.1");
        var node = new SmallNode("safe", "p") { Certificate = certificate, Work = context => context.Response.WriteAsync(context.Request.Protocol) };
        await using var gateway = await GatewayHost.StartAsync([await node.StartAsync()], ("Gateway:TrustedCertificates", _folder["authority.pem"]));

        (await gateway.Client.GetStringAsync("/made/x")).ShouldBe("HTTP/2");

        (await gateway.Client.PostAsync("/made/x", new StringContent("body"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("another authority")]
    [InlineData("another name")]
    public async Task A_node_that_somebody_else_could_be_gets_no_requests(string what)
    {
        using var other = AuthorityOf("CN=Somebody");
        using var certificate = what == "another name" ? Signed(_authority, "127.0.0.9") : Signed(other, "127.0.0.1");
        var (wrong, right) = (new SmallNode("wrong", "p") { Certificate = certificate }, new SmallNode("right", "p"));
        await using var gateway = await GatewayHost.StartAsync([], ("Gateway:TrustedCertificates", _folder["authority.pem"]));
        gateway.Know(await wrong.StartAsync(), await right.StartAsync());
        await gateway.UntilAsync(() => gateway.Directory.Nodes.Count == 2 && gateway.Of(right).IsIn && gateway.Of(wrong).State == NodeState.Out);

        for (var i = 0; i < 5; i++)
        {
            (await gateway.Client.GetStringAsync("/made/x")).ShouldBe("right");
        }

        wrong.Asked.ShouldBeEmpty();
        await wrong.DisposeAsync();
        await right.DisposeAsync();
    }

    [Fact]
    public void A_file_that_has_no_certificates_is_refused_at_the_start()
    {
        File.WriteAllText(_folder["empty.pem"], "nothing");
        var validator = new GatewayOptionsValidator();

        validator.Validate(null, new GatewayOptions { TrustedCertificates = _folder["empty.pem"] }).FailureMessage!.ShouldContain("Gateway:TrustedCertificates");
        validator.Validate(null, new GatewayOptions { TrustedCertificates = _folder["none.pem"] }).FailureMessage!.ShouldContain("it can't be read");
        validator.Validate(null, new GatewayOptions { TrustedCertificates = _folder["authority.pem"] }).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task A_gateway_that_starts_again_knows_what_a_slow_node_offers()
    {
        var node = await new SmallNode("slow", "p").StartAsync();
        var keeps = (GatewayHost.OffersFile, _folder["offers.json"]);
        await using (var first = await GatewayHost.StartAsync([], keeps))
        {
            first.Know(node);
            await first.UntilAsync(() => first.Directory.Nodes.Count == 1 && first.Of(node).IsIn && File.Exists(_folder["offers.json"]));
        }

        node.Mood = Mood.Hanging;
        await using var again = await GatewayHost.StartAsync([], keeps);
        again.Know(node);

        // It is known to be there for that, and not there now: which is not the same as unknown, and comes as soon as the list of nodes has made its way to the routes.
        var said = "";
        for (var i = 0; i < 3000 && !said.Contains("\"service\":\"tiles\"", StringComparison.Ordinal); i++)
        {
            using var answer = await again.Client.GetAsync("/made/x");
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            said = await answer.Content.ReadAsStringAsync();
            await Task.Delay(10);
        }

        said.ShouldContain("\"service\":\"tiles\"");
        node.Mood = Mood.Fine;
        await again.UntilAsync(() => again.Of(node).IsIn);
        (await again.Client.GetStringAsync("/made/x")).ShouldBe("slow");
        await node.DisposeAsync();
    }
}
