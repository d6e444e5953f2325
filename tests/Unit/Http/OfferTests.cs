using System.Net;
using GeoWps.Adapters.Http;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Health;
using GeoWps.Application.Nodes;
using GeoWps.Application.Security;
using GeoWps.Domain.Nodes;

namespace GeoWps.Tests.Unit.Http;

public sealed class OfferTests(HttpHost host) : IClassFixture<HttpHost>
{
    [Fact]
    public async Task A_node_tells_its_routes_by_service_and_its_processes()
    {
        var offer = await ReadAsync();

        offer.Services.Select(service => service.Service).ShouldBe(["core", "files", "processes", "records", "tiles"]);
        Methods(offer, "core", "/").ShouldBe(["GET", "HEAD"]);
        Methods(offer, "files", "/uploads/{uploadID}").ShouldBe(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH"]);
        Methods(offer, "processes", "/jobs/{jobID}").ShouldBe(["DELETE", "GET", "HEAD"]);
        Methods(offer, "processes", "/processes/{processID}/execution").ShouldBe(["GET", "POST"]);
        Methods(offer, "tiles", "/collections/{layer}/map/tiles/{tileMatrixSet}").ShouldBe(["GET", "HEAD"]);
        offer.Processes.Select(process => process.Id).ShouldBe(host.Processes.Catalogue.Processes.Keys.Order(StringComparer.Ordinal));
        offer.Processes.ShouldAllBe(process => process.Version.Length > 0);
    }

    [Fact]
    public async Task What_is_for_the_operator_is_never_offered() =>
        (await ReadAsync()).Services.SelectMany(service => service.Routes).ShouldAllBe(route => !route.Template.StartsWith("/admin") && !route.Template.StartsWith("/health") && !route.Template.StartsWith("/metrics"));

    [Theory]
    [InlineData("/admin/layers", false)]
    [InlineData("admin", false)]
    [InlineData("/Metrics", false)]
    [InlineData("/health/ready", false)]
    [InlineData("/administration", true)]
    [InlineData("/", true)]
    public void Control_paths_of_the_operator_are_told_from_others(string template, bool offered) => EndpointServices.IsOffered(template).ShouldBe(offered);

    [Fact]
    public async Task Who_has_the_document_is_told_that_it_is_the_same()
    {
        using var first = await host.SendAsync(HttpMethod.Get, "/health/offer");
        var tag = first.Headers.ETag!.ToString();

        using var second = await host.SendAsync(HttpMethod.Get, "/health/offer", null, ("If-None-Match", tag));
        using var other = await host.SendAsync(HttpMethod.Get, "/health/offer", null, ("If-None-Match", "\"other\""));

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        second.Headers.ETag!.ToString().ShouldBe(tag);
        (await second.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(HttpHost.Token, "/health/offer", false)]
    [InlineData("the-token-of-somebody-else", "/health/offer", true)]
    [InlineData(HttpHost.Token, "/admin/tokens", true)]
    public async Task A_gateway_with_another_token_is_told_that_its_word_is_not_taken(string token, string sealedFor, bool isRefused)
    {
        var seal = new CallerSeal(new AdminToken(token), TimeProvider.System).Write(new PassedCaller(IPAddress.Loopback, IsLocal: false), "GET", sealedFor);

        using var answer = await host.SendAsync(HttpMethod.Get, "/health/offer", null, (CallerSeal.Header, seal));
        using var plain = await host.SendAsync(HttpMethod.Get, "/health/offer");

        answer.Headers.Contains(CallerSeal.JudgementHeader).ShouldBe(isRefused);
        plain.Headers.Contains(CallerSeal.JudgementHeader).ShouldBeFalse();
    }

    [Fact]
    public void Every_endpoint_has_a_service()
    {
        var endpoints = typeof(HttpModule).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsSubclassOf(typeof(ApiEndpoint))).ToArray();

        endpoints.Length.ShouldBeGreaterThan(40);
        endpoints.ShouldAllBe(endpoint => NodeServices.All.Append(NodeServices.Core).Contains(EndpointServices.Of(endpoint)));
        Should.Throw<NotSupportedException>(() => EndpointServices.Of(typeof(OfferTests)));
    }

    private async Task<NodeOffer> ReadAsync() => NodeOfferDocument.Read(await host.Client.GetByteArrayAsync(new Uri("/health/offer", UriKind.Relative)));

    private static IReadOnlyList<string> Methods(NodeOffer offer, string service, string template) =>
        offer.Services.Single(one => one.Service == service).Routes.Single(route => route.Template == template).Methods;
}
