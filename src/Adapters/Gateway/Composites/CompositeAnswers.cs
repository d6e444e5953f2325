using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using GeoWps.Adapters.Gateway.Answers;
using GeoWps.Adapters.Gateway.Calls;
using GeoWps.Adapters.Gateway.Forwarding;
using GeoWps.Adapters.Gateway.Nodes;
using GeoWps.Application.Nodes;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy;

namespace GeoWps.Adapters.Gateway.Composites;

/// <summary>Answers that are made of several nodes' answers.</summary>
internal sealed class CompositeAnswers(NodeForwarder forwarder, NodeDirectory directory, IProxyStateLookup clusters, CallBook calls, IOptions<GatewayOptions> options, TimeProvider clock)
{
    private const string ProcessService = "processes";
    private const int DefaultLimit = 100;
    private const int DefaultProcesses = 1000;
    private const int MaxLimit = 10_000;

    // How far into a list one may page: each node sends everything up to there.
    private const int MaxWanted = 20_000;

    private readonly GatewayOptions _options = options.Value;

    /// <summary><c>GET /processes</c>. Where all nodes offer the same, any of them can answer for all.</summary>
    public async Task ProcessesAsync(HttpContext context)
    {
        var nodes = In(ProcessService);
        if (nodes.Length < 2 || AreSame(nodes))
        {
            await forwarder.ForwardAsync(context, new Destination(ProcessService, "/processes", null));
            return;
        }

        var query = context.Request.Query;
        if (Number(query, "limit", DefaultProcesses, 1, out var limit) is { } mistake)
        {
            await mistake.WriteAsync(context);
            return;
        }

        limit = Math.Min(limit, MaxLimit);
        var asked = QueryString.Create([new("f", "json"), new("limit", Text(limit)), .. Others(query, "f", "limit")]);
        await MergedAsync(
            context,
            nodes,
            ProcessService,
            "/processes",
            asked,
            parts => Merging.Processes(parts, limit, Address(context), after => Address(context, ("after", after))),
            merged => HtmlText.List(merged, "Processes", "processes", "id", ("Process", "id"), ("Title", "title"), ("Version", "version")));
    }

    /// <summary><c>GET /composites/{name}</c>: an operator's own.</summary>
    public async Task OwnAsync(HttpContext context, string name)
    {
        if (!_options.Composites.TryGetValue(name, out var composite))
        {
            await GatewayProblem.NotFound(context.Request.Path).WriteAsync(context);
            return;
        }

        var nodes = In(composite.Service);
        if (nodes.Length == 0)
        {
            await GatewayProblem.NoNode(composite.Service, null, _options.RetryAfterSeconds).WriteAsync(context);
            return;
        }

        if (composite.Merge == MergeKind.First)
        {
            await FirstAsync(context, nodes, composite);
            return;
        }

        var query = context.Request.Query;
        if ((Number(query, "limit", DefaultLimit, 1, out var limit) ?? Number(query, "offset", 0, 0, out var offset)) is { } mistake)
        {
            await mistake.WriteAsync(context);
            return;
        }

        // Assigned by the second, which ran when the first found no mistake.
        Number(query, "offset", 0, 0, out offset);
        limit = Math.Min(limit, MaxLimit);
        if ((long)offset + limit > MaxWanted)
        {
            await GatewayProblem.BadParameter($"offset and limit go to {Text(MaxWanted)} at most.").WriteAsync(context);
            return;
        }

        var page = new MergedPage(offset, limit, Address(context), next => Address(context, ("offset", Text(next))));
        var asked = QueryString.Create([new("f", "json"), new("limit", Text(Merging.Wanted(page))), .. Others(query, "f", "limit", "offset")]);
        await MergedAsync(context, nodes, composite.Service, composite.Path, asked, parts => Merging.Merge(composite.Merge, parts, page));
    }

    private async Task MergedAsync(
        HttpContext context, IReadOnlyList<GatewayNode> nodes, string service, string path, QueryString query, Func<IReadOnlyList<NodePart<JsonDocument>>, byte[]?> merge, Func<byte[], byte[]>? page = null)
    {
        var answers = await FanOut.AskAllAsync(
            nodes, node => node.Name, (node, token) => AskAsync(context, node, service, path, query, token), TimeSpan.FromMilliseconds(_options.PartMilliseconds), clock, context.RequestAborted);
        await MergedAsync(context, answers, service, merge, page);
    }

    /// <summary>Sends one document made of those that came; a problem where none did.</summary>
    /// <param name="answers">Disposed of here.</param>
    /// <param name="merge">Gives <see langword="null"/> for a page that is further in than a node gives at once.</param>
    internal async Task MergedAsync(
        HttpContext context, IReadOnlyList<NodePart<PartAnswer>> answers, string service, Func<IReadOnlyList<NodePart<JsonDocument>>, byte[]?> merge, Func<byte[], byte[]>? page = null, string contentType = "application/json")
    {
        try
        {
            if (answers.All(answer => answer.Answer is null))
            {
                await GatewayProblem.NoNode(service, null, _options.RetryAfterSeconds).WriteAsync(context);
                return;
            }

            // Who has no such thing has answered, and adds nothing; when that is all of them, it is the answer.
            var parts = answers.Select(answer => new NodePart<JsonDocument>(answer.Node, answer.Answer?.Document)).ToArray();
            if (answers.Where(answer => answer.Answer is not null).All(answer => answer.Answer!.Status >= 400))
            {
                var refusal = answers.First(answer => answer.Answer is not null).Answer!;
                await JsonText.SendAsync(context, JsonText.Of(refusal.Document.RootElement.WriteTo), refusal.Status, "application/problem+json");
                return;
            }

            if (merge(parts) is not { } merged)
            {
                await GatewayProblem.BadParameter("offset: a node gives less than this at once.").WriteAsync(context);
                return;
            }

            context.Response.Headers.Vary = "Accept";
            if (page is not null && HtmlText.IsWanted(context.Request))
            {
                HtmlText.Guard(context.Response);
                await JsonText.SendAsync(context, page(merged), contentType: HtmlText.MediaType);
                return;
            }

            await JsonText.SendAsync(context, merged, contentType: contentType);
        }
        finally
        {
            Dispose(answers);
        }
    }

    internal static void Dispose(IReadOnlyList<NodePart<PartAnswer>> answers)
    {
        foreach (var answer in answers)
        {
            answer.Answer?.Document.Dispose();
        }
    }

    private async Task FirstAsync(HttpContext context, IReadOnlyList<GatewayNode> nodes, CompositeSettings composite)
    {
        var query = QueryString.Create(Others(context.Request.Query));
        var first = await FanOut.AskFirstAsync(
            nodes,
            node => node.Name,
            async (node, token) => await AskAsync(context, node, composite.Service, composite.Path, query, token) is { Status: < 400 } answer ? answer : null,
            TimeSpan.FromMilliseconds(_options.PartMilliseconds),
            clock,
            context.RequestAborted);
        if (first is not { Answer: { } found })
        {
            await GatewayProblem.NoNode(composite.Service, null, _options.RetryAfterSeconds).WriteAsync(context);
            return;
        }

        using (found.Document)
        {
            await JsonText.SendAsync(context, JsonText.Of(found.Document.RootElement.WriteTo), found.Status);
        }
    }

    /// <summary>Asks one node of each store, and another one of the same where that fails: they know the same. Who is out is missed by whoever asks.</summary>
    internal Task<IReadOnlyList<NodePart<PartAnswer>>> AskStoresAsync(HttpContext context, ServiceNodes service, string path, QueryString query, TimeSpan patience) => FanOut.AskAllAsync(
        [.. service.Stores],
        store => store[0].Name,
        async (store, token) =>
        {
            foreach (var node in store.Where(node => node.IsIn))
            {
                try
                {
                    if (await AskAsync(context, node, service.Service, path, query, token) is { } answer)
                    {
                        return answer;
                    }
                }
                catch (Exception reason) when (!token.IsCancellationRequested && reason is HttpRequestException or IOException or JsonException)
                {
                    // The next one.
                }
            }

            return null;
        },
        patience,
        clock,
        context.RequestAborted);

    /// <returns><see langword="null"/> when the node did not answer, or is not well.</returns>
    internal async Task<PartAnswer?> AskAsync(HttpContext context, GatewayNode node, string service, string path, QueryString query, CancellationToken cancellationToken)
    {
        if (!clusters.TryGetCluster(service, out var cluster))
        {
            return null;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Prefix + path + query.ToUriComponent()));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/geo+json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json", 0.9));
        (request.Version, request.VersionPolicy) = NodeTrust.Of(node.Entry.Address);
        Forwarded(context, request);
        if (PassedOn.IsNeeded("GET", service))
        {
            request.Headers.TryAddWithoutValidation(
                CallerSeal.Header, forwarder.PassedOn.Of(context, "GET", PathString.FromUriComponent(path).Value ?? "", query.Value ?? ""));
        }

        var figures = calls.Of(new CallKey(service, "GET", path, node.Name));
        var began = clock.GetTimestamp();
        long bytes = 0;
        PartAnswer? part = null;
        node.Begin();
        figures.Begin();
        try
        {
            using var answer = await cluster.Model.HttpClient.SendAsync(request, cancellationToken);
            if (answer.StatusCode >= HttpStatusCode.InternalServerError)
            {
                return null;
            }

            var body = await ReadAsync(answer.Content, cancellationToken);
            bytes = body.Length;
            part = new PartAnswer((int)answer.StatusCode, JsonDocument.Parse(body));
            return part;
        }
        finally
        {
            figures.End(part is null, isRetry: false, bytes, clock.GetElapsedTime(began));
            node.End();
        }
    }

    // All of them have to be here before the first is written.
    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var most = _options.PartMaxMb * 1024 * 1024;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + count > most)
            {
                throw new InvalidDataException($"A part has more than {most} bytes.");
            }

            body.Write(buffer, 0, count);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static void Forwarded(HttpContext context, HttpRequestMessage request)
    {
        request.Headers.Host = context.Request.Host.Value;
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", context.Request.Host.Value);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", context.Request.Scheme);
        if (context.Connection.RemoteIpAddress is { } caller)
        {
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", caller.ToString());
        }

        foreach (var name in (string[])["Authorization", "Accept-Language"])
        {
            if (context.Request.Headers.TryGetValue(name, out var values))
            {
                request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
    }

    private GatewayNode[] In(string service) => directory.Services.TryGetValue(service, out var found) ? [.. found.Nodes.Where(node => node.IsIn)] : [];

    private static bool AreSame(GatewayNode[] nodes)
    {
        var first = Set(nodes[0]);
        return nodes.Skip(1).All(node => first.SetEquals(Set(node)));

        static HashSet<(string, string)> Set(GatewayNode node) => [.. node.Offer!.Processes.Concat(node.Offer.Elsewhere).Select(process => (process.Id, process.Version))];
    }

    internal static GatewayProblem? Number(IQueryCollection query, string name, int otherwise, int least, out int value)
    {
        value = otherwise;
        return !query.TryGetValue(name, out var text) || (int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least)
            ? null
            : GatewayProblem.BadParameter($"{name}: a whole number from {Text(least)} on");
    }

    internal static IEnumerable<KeyValuePair<string, string?>> Others(IQueryCollection query, params string[] without) =>
        query.Where(pair => !without.Contains(pair.Key, StringComparer.Ordinal)).SelectMany(pair => pair.Value.Select(value => new KeyValuePair<string, string?>(pair.Key, value)));

    /// <summary>This address, with some parameters replaced.</summary>
    internal static string Address(HttpContext context, params (string Name, string Value)[] replaced)
    {
        var request = context.Request;
        var query = request.Query.Where(pair => !replaced.Any(one => one.Name == pair.Key)).Concat(replaced.Select(one => new KeyValuePair<string, StringValues>(one.Name, one.Value)));
        return QueryHelpers.AddQueryString(UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, request.Path), query);
    }

    /// <summary>This address from its first page on, with a parameter replaced, or without it.</summary>
    internal static string Changed(HttpContext context, string name, string? value)
    {
        var request = context.Request;
        var query = request.Query.Where(pair => pair.Key != name && pair.Key != "offset").Concat(value is null ? [] : [new KeyValuePair<string, StringValues>(name, value)]);
        return QueryHelpers.AddQueryString($"{request.PathBase}{request.Path}", query);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a node answered.</summary>
internal sealed record PartAnswer(int Status, JsonDocument Document);
