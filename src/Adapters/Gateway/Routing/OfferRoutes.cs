using System.Globalization;
using GeoWps.Domain.Nodes;
using Microsoft.AspNetCore.Routing.Patterns;
using Yarp.ReverseProxy.Configuration;

namespace GeoWps.Adapters.Gateway.Routing;

/// <summary>Routes of what nodes offer: a path template leads to one service, whoever offers it.</summary>
internal static class OfferRoutes
{
    /// <summary>Name of a route's metadata: the template's parameter that is a process's id.</summary>
    public const string ProcessParameter = "process";

    /// <summary>More than any node has; whatever is beyond is left out.</summary>
    private const int MaxRoutes = 5000;

    private const string Core = "core";

    /// <summary>Constraints that every host of the framework understands.</summary>
    private static readonly HashSet<string> _constraints = new(StringComparer.OrdinalIgnoreCase)
    {
        "int", "bool", "datetime", "decimal", "double", "float", "guid", "long", "minlength", "maxlength", "length", "min", "max", "range", "alpha", "required", "file", "nonfile",
    };

    /// <param name="offers">Of all nodes, now and before.</param>
    /// <param name="dropped">What can not be a route.</param>
    public static IReadOnlyList<RouteConfig> Of(IEnumerable<ServiceOffer> offers, out IReadOnlyList<string> dropped)
    {
        var routes = new List<RouteConfig>();
        var wrong = new List<string>();
        var claimed = new HashSet<(string Shape, string Method)>();

        // What two services claim is the first one's; what every node has comes last.
        var services = offers.GroupBy(offer => offer.Service, StringComparer.Ordinal).OrderBy(service => service.Key == Core).ThenBy(service => service.Key, StringComparer.Ordinal);
        foreach (var service in services)
        {
            foreach (var template in service.SelectMany(offer => offer.Routes).GroupBy(route => route.Template, StringComparer.Ordinal).OrderBy(route => route.Key, StringComparer.Ordinal))
            {
                if (routes.Count >= MaxRoutes || Parse(template.Key) is not { } pattern)
                {
                    wrong.Add(template.Key);
                    continue;
                }

                if (IsInner(pattern))
                {
                    continue;
                }

                var shape = ShapeOf(pattern);
                string[] methods = template.Any(route => route.Methods.Count == 0)
                    ? ["*"]
                    : [.. template.SelectMany(route => route.Methods).Select(method => method.ToUpperInvariant()).Append("OPTIONS").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
                methods = [.. methods.Where(method => claimed.Add((shape, method)))];
                if (methods.Length > 0)
                {
                    routes.Add(Route(service.Key, template.Key, pattern, methods, routes.Count));
                }
            }
        }

        dropped = wrong;
        return routes;
    }

    private static RouteConfig Route(string service, string template, RoutePattern pattern, string[] methods, int number) => new()
    {
        RouteId = string.Create(CultureInfo.InvariantCulture, $"{number} {service} {template}"),
        ClusterId = service,
        Match = new RouteMatch { Path = template, Methods = methods is ["*"] ? null : methods },
        Metadata = pattern.PathSegments is [{ IsSimple: true, Parts: [RoutePatternLiteralPart { Content: "processes" }] }, { IsSimple: true, Parts: [RoutePatternParameterPart id] }, ..]
            ? new Dictionary<string, string> { [ProcessParameter] = id.Name }
            : null,
    };

    private static RoutePattern? Parse(string template)
    {
        try
        {
            var pattern = RoutePatternFactory.Parse(template);
            return template.StartsWith('/') && pattern.ParameterPolicies.Values.SelectMany(policies => policies).All(policy => _constraints.Contains(policy.Content?.Split('(')[0] ?? ""))
                ? pattern
                : null;
        }
        catch (RoutePatternException)
        {
            return null;
        }
    }

    private static bool IsInner(RoutePattern pattern) =>
        pattern.PathSegments is [{ Parts: [RoutePatternLiteralPart first] }, ..] && InnerPaths.Holds("/" + first.Content);

    /// <summary>Two templates of the same shape match the same paths.</summary>
    private static string ShapeOf(RoutePattern pattern) => string.Concat(pattern.PathSegments.Select(segment => "/" + string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content.ToUpperInvariant(),
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => $"{{{(parameter.IsCatchAll ? "*" : "")}{(parameter.IsOptional ? "?" : "")}{string.Concat(parameter.ParameterPolicies.Select(policy => ":" + policy.Content))}}}",
        _ => "",
    }))));
}
