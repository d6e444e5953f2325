using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Safety;

/// <summary>Only public hosts, and those that an operator names, are asked for data.</summary>
[Collection(StrangersServerTests.Name)]
public sealed class ReferenceGuardTests(StrangersServer qgis)
{
    public static TheoryData<string> Addresses => new(
        "http://127.0.0.1:{port}/secret.geojson", "http://localhost:{port}/secret.geojson", "http://LOCALHOST.:{port}/secret.geojson", "http://[::1]:{port}/secret.geojson",
        "http://[::ffff:127.0.0.1]:{port}/secret.geojson", "http://127.1:{port}/secret.geojson", "http://2130706433:{port}/secret.geojson", "http://0x7f000001:{port}/secret.geojson",
        "http://0177.0.0.1:{port}/secret.geojson", "http://0.0.0.0:{port}/secret.geojson", "http://127.0.0.2:{port}/secret.geojson", "http://user:word@127.0.0.1:{port}/secret.geojson",
        "http://10.0.0.1/x", "http://169.254.169.254/latest/meta-data", "http://[fe80::1]/x", "http://[fd00::1]/x", "ftp://127.0.0.1:{port}/secret.geojson", "gopher://127.0.0.1:{port}/x");

    [QgisTheory]
    [MemberData(nameof(Addresses))]
    public async Task This_machine_and_its_network_are_not_asked(string template)
    {
        var href = template.Replace("{port}", qgis.Canary.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);

        (await CentroidsAsync(href)).ShouldBe(400).Text.ShouldContain("INPUT");
        (await CentroidsAsync(qgis.Files.Redirect($"to-{Math.Abs(template.GetHashCode())}", href))).ShouldBe(400).Detail.ShouldStartWith("INPUT: ");
        (await qgis.ExecuteAsync("native:buffer", new { inputs = new { INPUT = Sample.Point(0, 0), DISTANCE = new { href } } })).ShouldBe(400).Text.ShouldContain("DISTANCE");
        qgis.Canary.Requests.ShouldBeEmpty();
    }

    [QgisFact]
    public async Task An_allowed_host_is_asked_and_may_lead_to_itself()
    {
        var href = qgis.Files.Put("allowed.geojson", System.Text.Encoding.UTF8.GetBytes(Sample.Point(1, 2).ToJsonString()));

        (await CentroidsAsync(href)).ShouldBe(200).FeatureCount.ShouldBe(1);
        (await CentroidsAsync(qgis.Files.Redirect("leads-there", href))).ShouldBe(200).FeatureCount.ShouldBe(1);
    }

    [QgisFact]
    public async Task Where_a_redirect_leads_is_not_told()
    {
        var answer = await CentroidsAsync(qgis.Files.Redirect("inside", qgis.Canary.AddressOf("secret.geojson")));

        answer.ShouldBe(400).Text.ShouldNotContain($":{qgis.Canary.Port}");
    }

    [QgisFact]
    public async Task A_redirect_in_a_circle_ends()
    {
        var first = qgis.Files.Redirect("first", qgis.Files.AddressOf("second"));
        qgis.Files.Redirect("second", first);

        (await CentroidsAsync(first)).ShouldBe(400).Detail.ShouldContain("redirects more than");
    }

    [QgisFact]
    public async Task Nobody_is_called_back_inside()
    {
        var subscriber = new { successUri = qgis.Canary.AddressOf("success"), failedUri = qgis.Canary.AddressOf("failed") };

        (await qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = Sample.Point(0, 0) }, subscriber }, "respond-async")).ShouldBe(400);
        qgis.Canary.Requests.ShouldBeEmpty();
    }

    private Task<Answer> CentroidsAsync(string href) => qgis.ExecuteAsync("native:centroids", new { inputs = new { INPUT = new { href } } });
}
