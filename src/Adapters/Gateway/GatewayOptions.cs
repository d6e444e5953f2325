using System.ComponentModel.DataAnnotations;
using GeoWps.Adapters.Gateway.Composites;
using GeoWps.Adapters.Gateway.Forwarding;
using GeoWps.Domain.Nodes;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Gateway;

/// <summary>Section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>How nodes are chosen, by service. Default: <see cref="BalancingPolicy.LeastRequests"/> for <c>processes</c>, <see cref="BalancingPolicy.RoundRobin"/> for the rest.</summary>
    public Dictionary<string, string> Policies { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Answers of an operator's own that are made of all nodes' answers, by name. Each is at <c>/composites/NAME</c>.</summary>
    public Dictionary<string, CompositeSettings> Composites { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>From one probe of <c>/health/ready</c> of a node to the next. Default: 1000.</summary>
    [Range(10, 600_000)]
    public int ProbeMilliseconds { get; set; } = 1000;

    /// <summary>What a probe may take. Default: 2000.</summary>
    [Range(10, 600_000)]
    public int ProbeTimeoutMilliseconds { get; set; } = 2000;

    /// <summary>Probes in a row that fail before a node gets no more requests. Default: 2.</summary>
    [Range(1, 100)]
    public int ProbesToEject { get; set; } = 2;

    /// <summary>Probes in a row that succeed before an ejected node gets requests again. Default: 2.</summary>
    [Range(1, 100)]
    public int ProbesToAdmit { get; set; } = 2;

    /// <summary>Within which a node's share rises from a tenth to the whole. Default: 10.</summary>
    [Range(0, 3600)]
    public int RiseSeconds { get; set; } = 10;

    /// <summary>How often a node is asked again what it offers. Default: 5.</summary>
    [Range(1, 3600)]
    public int OfferSeconds { get; set; } = 5;

    /// <summary>What opening a connection to a node may take. Default: 2000.</summary>
    [Range(10, 600_000)]
    public int ConnectMilliseconds { get; set; } = 2000;

    /// <summary>How long nothing may come from a node or a caller within a request. Default: 3900, so that the longest job ends before.</summary>
    [Range(1, 86_400)]
    public int ActivitySeconds { get; set; } = 3900;

    /// <summary>How long a node may be out before what was sent to it, and must not be sent again, is told that no answer comes. Default: 60.</summary>
    [Range(0, 86_400)]
    public int GiveUpSeconds { get; set; } = 60;

    /// <summary>Nodes that one request is sent to, at most. Default: 3.</summary>
    [Range(1, 10)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Requests that may be on their second way at once, of those in flight. Default: 20.</summary>
    [Range(0, 100)]
    public int RetryPercent { get; set; } = 20;

    /// <summary>As many may always be. Default: 3.</summary>
    [Range(0, 1000)]
    public int MinRetries { get; set; } = 3;

    /// <summary>How long a request waits for its turn to be sent again before it fails. Default: 5000.</summary>
    [Range(0, 600_000)]
    public int RetryWaitMilliseconds { get; set; } = 5000;

    /// <summary>What callers are told to wait where no node is there. Default: 2.</summary>
    [Range(1, 3600)]
    public int RetryAfterSeconds { get; set; } = 2;

    /// <summary>What each node may take for its part of an answer that is made of several. Default: 5000.</summary>
    [Range(10, 600_000)]
    public int PartMilliseconds { get; set; } = 5000;

    /// <summary>What each node may take for its part of a search over all nodes. Default: 3000.</summary>
    [Range(10, 600_000)]
    public int SearchMilliseconds { get; set; } = 3000;

    /// <summary>MiB that a node's part may have; a larger one counts as not answered. Default: 16.</summary>
    [Range(1, 1024)]
    public int PartMaxMb { get; set; } = 16;

    /// <summary>PEM file of those who sign certificates of nodes with <c>https</c> addresses; no others are trusted then. Default: those that the machine trusts.</summary>
    public string? TrustedCertificates { get; set; }

    /// <summary>How long figures of calls are kept by the hour. Default: 30.</summary>
    [Range(1, 3650)]
    public int StatisticsDays { get; set; } = 30;

    internal NodeHealthRules Rules => NodeHealthRules.Default with { ProbesToEject = ProbesToEject, ProbesToAdmit = ProbesToAdmit, Rise = TimeSpan.FromSeconds(RiseSeconds) };

    internal BalancingPolicy PolicyOf(string service) => Policies.TryGetValue(service, out var name) && Enum.TryParse<BalancingPolicy>(name, ignoreCase: true, out var policy) ? policy
        : service == "processes" ? BalancingPolicy.LeastRequests
        : BalancingPolicy.RoundRobin;
}

internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        string[] failures =
        [
            .. options.Policies
                .Where(policy => !Enum.GetNames<BalancingPolicy>().Contains(policy.Value, StringComparer.OrdinalIgnoreCase))
                .Select(policy => $"Gateway:Policies:{policy.Key}: '{policy.Value}' is not allowed; one of {string.Join(", ", Enum.GetNames<BalancingPolicy>())}"),
            .. options.Composites
                .Where(composite => composite.Value.Service.Length == 0)
                .Select(composite => $"Gateway:Composites:{composite.Key}:Service: '' is not allowed; the name of a service, such as records"),
            .. options.Composites
                .Where(composite => !IsPath(composite.Value.Path))
                .Select(composite => $"Gateway:Composites:{composite.Key}:Path: '{composite.Value.Path}' is not allowed; a path of that service on a node, such as /collections, not below /admin, /metrics or /health"),
            .. options.TrustedCertificates is { Length: > 0 } file && Nodes.NodeTrust.WhyNot(file) is { } reason
                ? (string[])[$"Gateway:TrustedCertificates: '{file}' can't be used; {reason}"]
                : [],
        ];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsPath(string path) =>
        path.StartsWith('/') && path.All(letter => letter is > ' ' and < (char)127 and not ('?' or '#')) && !Routing.InnerPaths.Holds(path);
}
