using GeoWps.Adapters.Gateway.Routing;
using GeoWps.Domain.Nodes;

namespace GeoWps.Tests.Unit.Gateway;

public sealed class OfferRoutesTests
{
    [Fact]
    public void A_template_leads_to_its_service_with_the_methods_of_all_nodes_and_questions_about_them()
    {
        var route = Of(Offer("tiles", ("/a/{x}", "GET")), Offer("tiles", ("/a/{x}", "HEAD"))).ShouldHaveSingleItem();

        route.ClusterId.ShouldBe("tiles");
        route.Match.Path.ShouldBe("/a/{x}");
        route.Match.Methods.ShouldBe(["GET", "HEAD", "OPTIONS"]);
    }

    [Fact]
    public void What_is_for_the_inside_is_no_route() =>
        Of(Offer("core", ("/admin/layers", "GET"), ("/health/ready", "GET"), ("/Metrics", "GET"), ("/", "GET"))).ShouldHaveSingleItem().Match.Path.ShouldBe("/");

    [Fact]
    public void Two_services_that_claim_the_same_do_not_disturb_each_other()
    {
        var routes = Of(Offer("core", ("/jobs/{id}", "GET,DELETE")), Offer("processes", ("/jobs/{jobID}", "GET")));

        routes.Select(route => (route.ClusterId, string.Join(' ', route.Match.Methods!))).ShouldBe([("processes", "GET OPTIONS"), ("core", "DELETE")]);
    }

    [Theory]
    [InlineData("/a/{b")]
    [InlineData("a/b")]
    [InlineData("/a/{b:no-such}")]
    [InlineData("/a/{b}/{b}")]
    public void What_can_not_be_a_route_is_told_and_left_out(string template)
    {
        OfferRoutes.Of([Offer("tiles", (template, "GET"), ("/fine", "GET"))], out var dropped).ShouldHaveSingleItem().Match.Path.ShouldBe("/fine");
        dropped.ShouldBe([template]);
    }

    [Fact]
    public void Paths_below_a_process_name_the_parameter_that_is_its_id()
    {
        var routes = Of(Offer("processes", ("/processes", "GET"), ("/processes/{processID}/execution", "POST"), ("/jobs/{jobID}", "GET")));

        routes.Where(route => route.Metadata is not null).ShouldHaveSingleItem().Metadata![OfferRoutes.ProcessParameter].ShouldBe("processID");
    }

    private static IReadOnlyList<Yarp.ReverseProxy.Configuration.RouteConfig> Of(params ServiceOffer[] offers) => OfferRoutes.Of(offers, out _);

    private static ServiceOffer Offer(string service, params (string Template, string Methods)[] routes) =>
        new(service, [.. routes.Select(route => new RouteOffer(route.Template, route.Methods.Split(',')))]);
}
