using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Gateway;

namespace GeoWps.Tests.Integration.Gateway;

/// <summary>A worker that serves https by its own certificate, behind gateways.</summary>
public sealed class SecureWorkerTests : IDisposable
{
    private const string Token = "the-token-of-these-tests";

    private readonly string _folder = Directory.CreateTempSubdirectory("geowps-certificates-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_gateway_that_trusts_who_signed_asks_it_over_TLS_and_another_does_not_ask_it()
    {
        using var authority = TestCertificates.AuthorityOf("CN=Authority of the tests");
        using var stranger = TestCertificates.AuthorityOf("CN=Somebody");
        using var certificate = TestCertificates.Signed(authority, "127.0.0.1");
        await File.WriteAllTextAsync(PathOf("authority.pem"), authority.ExportCertificatePem());
        await File.WriteAllTextAsync(PathOf("stranger.pem"), stranger.ExportCertificatePem());
        await File.WriteAllTextAsync(PathOf("node.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(PathOf("node.key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var address = $"https://127.0.0.1:{FreePorts.Next()}";
        await using var worker = await RunningServer.StartAsync(
            "--urls", $"{RunningServer.Own};{address}", "--Http:Certificate", PathOf("node.pem"), "--Http:CertificateKey", PathOf("node.key"),
            "--Python:Execution", "None", "--Http:TrustedProxies", "127.0.0.1", "--Security:AdminToken", Token);
        string[] settings = ["--Node:Role", "Gateway", "--Discovery:Nodes", address, "--Security:AdminToken", Token, "--Gateway:ProbeMilliseconds", "200"];
        var gateways = await Task.WhenAll(
            RunningServer.StartAsync([.. settings, "--Gateway:TrustedCertificates", PathOf("authority.pem")]), RunningServer.StartAsync([.. settings, "--Gateway:TrustedCertificates", PathOf("stranger.pem")]));
        await using var trusts = gateways[0];
        await using var other = gateways[1];
        await QgisServer.Until(async () => await StateAsync(trusts) == "in" && await StateAsync(other) == "out", "each has judged it");

        (await trusts.Client.GetStringAsync("processes/echo")).ShouldContain("\"echo\"");
        (await trusts.Client.GetStringAsync("/?f=json")).ShouldNotContain(address);
        using var body = new StringContent($$"""{"inputs":{"literalInput":"{{new string('x', 200_000)}}"} }""", Encoding.UTF8, "application/json");
        using var answer = await trusts.Client.PostAsync("processes/echo/execution", body);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldContain(new string('x', 200_000));
        using var none = await other.Client.GetAsync("processes/echo");
        none.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await worker.StopAsync()).ShouldBe(0);
        worker.Errors.Concat(trusts.Errors).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_certificate_without_its_key_is_refused_at_the_start()
    {
        using var authority = TestCertificates.AuthorityOf("CN=Authority of the tests");
        await File.WriteAllTextAsync(PathOf("bare.pem"), authority.ExportCertificatePem());

        (await Should.ThrowAsync<InvalidOperationException>(() => RunningServer.StartAsync("--Python:Execution", "None", "--Http:Certificate", PathOf("bare.pem"))))
            .Message.ShouldContain("Http:Certificate: '" + PathOf("bare.pem") + "' can't be used; it is no PEM file of a certificate, or the key is not its own");
        (await Should.ThrowAsync<InvalidOperationException>(() => RunningServer.StartAsync("--Python:Execution", "None", "--Http:Certificate", "/nowhere.pem")))
            .Message.ShouldContain("Http:Certificate: '/nowhere.pem' can't be used; it, or its key, can't be read");
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static async Task<string> StateAsync(RunningServer gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "admin/nodes") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
        using var answer = await gateway.Client.SendAsync(request);
        return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()).GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("state").GetString()!).SingleOrDefault("");
    }
}
