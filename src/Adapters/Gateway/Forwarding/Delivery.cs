using GeoWps.Adapters.Gateway.Calls;
using GeoWps.Adapters.Gateway.Nodes;
using GeoWps.Application.Nodes;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Application.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace GeoWps.Adapters.Gateway.Forwarding;

/// <summary>Where one request goes.</summary>
/// <param name="Process">Only nodes that offer it will do.</param>
/// <param name="Template">For the figures.</param>
internal readonly record struct Destination(string Service, string Template, string? Process);

/// <summary>One request on its way to one node after another; what is changed of it and of its answer.</summary>
internal sealed class Delivery : HttpTransformer
{
    /// <summary>Headers of this prefix are for the inside: they never pass, in neither direction.</summary>
    private const string Inner = "X-GeoWps-";

    /// <summary>Nodes that one request is sent to, where each names the next.</summary>
    private const int MostHands = 4;

    private const string ForwardedFor = "X-Forwarded-For";
    private const string ForwardedHost = "X-Forwarded-Host";
    private const string ForwardedProto = "X-Forwarded-Proto";

    private readonly NodeForwarder _forwarder;
    private readonly WatchedBody? _body;
    private readonly List<GatewayNode> _tried = new(1);
    private List<string>? _without;
    private CancellationTokenSource? _attempt;
    private CancellationTokenRegistration _life;
    private CallFigures? _figures;
    private long _began;
    private bool _holdsTurn;
    private CountedBody? _counted;

    public Delivery(NodeForwarder forwarder, HttpContext context, Destination destination)
    {
        (_forwarder, Context, Destination) = (forwarder, context, destination);
        Method = CallBook.MethodOf(context.Request.Method);
        IsIdempotent = Method is "GET" or "HEAD" or "OPTIONS";
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            context.Request.Body = _body = new WatchedBody(context.Request.Body);
        }
    }

    public HttpContext Context { get; }

    public Destination Destination { get; }

    public string Method { get; }

    /// <summary>Doing it twice is like doing it once, and never costly.</summary>
    public bool IsIdempotent { get; }

    public GatewayNode Node { get; private set; } = null!;

    public bool HasTried(GatewayNode node) => _tried.Count > 0 && _tried.Contains(node);

    /// <summary>The answer was one of a broken node, and was held back because another node will be asked.</summary>
    public bool IsHeldBack { get; private set; }

    /// <summary>What is asked for, where it may be in one of several stores: <see cref="Homes.ThingOf"/>.</summary>
    public string? Thing { get; init; }

    /// <summary>The store that is asked first.</summary>
    public string? Home { get; init; }

    /// <summary>The home is known to have it: as long as it does not say otherwise, nobody else is asked.</summary>
    public bool IsHomeKnown { get; init; }

    /// <summary>The node does not have it, and that was held back because a node of another store will be asked.</summary>
    public bool IsMissing { get; private set; }

    /// <summary>Some store did not have it.</summary>
    public bool WasMissing => _without is not null;

    public bool IsWithout(string store) => _without is not null && _without.Contains(store, StringComparer.Ordinal);

    /// <summary>The node does not have what is asked for, and the answer was held back: the node that it names will be asked.</summary>
    public GatewayNode? HandedOnTo { get; private set; }

    /// <summary>The node has said that it can't be the one. That is no failure of its own.</summary>
    public bool IsElsewhere { get; private set; }

    public bool BodyWasRead => _body is { WasRead: true };

    /// <summary>Earlier nodes that failed and were not merely unreachable; a success elsewhere tells on them.</summary>
    public List<GatewayNode>? Suspects { get; private set; }

    public bool HoldsTurn => _holdsTurn;

    public CancellationToken Begin(GatewayNode node)
    {
        Node = node;
        IsHeldBack = IsMissing = IsElsewhere = false;
        HandedOnTo = null;
        _counted = null;
        _tried.Add(node);
        node.Begin();
        _figures = _forwarder.Calls.Of(new CallKey(Destination.Service, Method, Destination.Template, node.Name));
        _figures.Begin();
        _began = _forwarder.Clock.GetTimestamp();

        // When the node is put out meanwhile, waiting for it is over; later, where nobody else can be asked.
        _attempt = new CancellationTokenSource();
        _life = (IsIdempotent ? node.Life : node.Hope).UnsafeRegister(static attempt => ((CancellationTokenSource)attempt!).Cancel(), _attempt);
        return _attempt.Token;
    }

    /// <summary>The node was put out while its answer was waited for.</summary>
    public bool WasCutOff => _attempt is { IsCancellationRequested: true };

    public void End(bool failed)
    {
        _life.Dispose();
        _attempt?.Dispose();
        _attempt = null;
        Node.End();
        var response = Context.Response;
        var bytes = failed ? 0 : _counted?.Count ?? (Method == "HEAD" || response.StatusCode is 204 or 304 ? 0 : response.ContentLength ?? 0);
        _figures!.End(failed, _tried.Count - (_without?.Count ?? 0) > 1, bytes, _forwarder.Clock.GetElapsedTime(_began));
    }

    public void Suspect() => (Suspects ??= []).Add(Node);

    /// <returns>Whether there is another node, and it is this request's turn to be sent again.</returns>
    public async ValueTask<bool> MayGoOnAsync()
    {
        if (_tried.Count >= _forwarder.Options.MaxAttempts || BodyWasRead || !_forwarder.HasAnother(this))
        {
            return false;
        }

        // One that is on its second way already has its turn.
        return _holdsTurn || (_holdsTurn = await _forwarder.Budget.TakeAsync(TimeSpan.FromMilliseconds(_forwarder.Options.RetryWaitMilliseconds), Context.RequestAborted));
    }

    public void GiveTurnBack()
    {
        if (_holdsTurn)
        {
            _holdsTurn = false;
            _forwarder.Budget.Release();
        }
    }

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var request = httpContext.Request;
        var headers = proxyRequest.Headers;
        proxyRequest.RequestUri = AsSent(httpContext, destinationPrefix);
        foreach (var (name, _) in request.Headers)
        {
            if (IsForUs(name))
            {
                headers.Remove(name);
            }
        }

        foreach (var name in Named(request.Headers.Connection))
        {
            headers.Remove(name);
            proxyRequest.Content?.Headers.Remove(name);
        }

        // The node links to where the caller came to; the host is sent on, too, for a node that believes nobody.
        headers.TryAddWithoutValidation(ForwardedHost, request.Host.Value);
        headers.TryAddWithoutValidation(ForwardedProto, request.Scheme);
        if (httpContext.Connection.RemoteIpAddress is { } caller)
        {
            headers.TryAddWithoutValidation(ForwardedFor, caller.IsIPv4MappedToIPv6 ? caller.MapToIPv4().ToString() : caller.ToString());
        }

        if (PassedOn.IsNeeded(request.Method, Destination.Service))
        {
            headers.TryAddWithoutValidation(
                CallerSeal.Header, _forwarder.PassedOn.Of(httpContext, request.Method, request.Path.Value ?? "", request.QueryString.Value ?? ""));
        }
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        }

        var code = (int)proxyResponse.StatusCode;
        IsElsewhere = code == StatusCodes.Status503ServiceUnavailable && proxyResponse.Headers.NonValidated.Contains(ElsewhereException.Header);
        if (IsElsewhere && IsIdempotent && !BodyWasRead && _tried.Count < MostHands)
        {
            // Not one of the second ways that an outage could multiply: it takes no turn.
            HandedOnTo = _forwarder.Named(this, ElsewhereException.Read(proxyResponse.Headers.NonValidated[ElsewhereException.Header].ToString()));
            if (HandedOnTo is not null)
            {
                IsHeldBack = true;
                return false;
            }
        }

        if (IsIdempotent && code is 500 or 502 or 503 or 504 && !proxyResponse.Headers.NonValidated.Contains(DocumentLinks.SourceFailed) && await MayGoOnAsync())
        {
            IsHeldBack = true;
            return false;
        }

        if (code == StatusCodes.Status404NotFound && MayBeElsewhere())
        {
            IsMissing = true;
            (_without ??= []).Add(Node.Store);
            return false;
        }

        // From here on it is this node's answer, however long it takes.
        _life.Dispose();
        GiveTurnBack();
        var copies = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        var headers = httpContext.Response.Headers;
        foreach (var name in proxyResponse.Headers.NonValidated)
        {
            if (name.Key.StartsWith(Inner, StringComparison.OrdinalIgnoreCase) || name.Key.Equals("Server", StringComparison.OrdinalIgnoreCase))
            {
                headers.Remove(name.Key);
            }
            else if (name.Key.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            {
                foreach (var own in Named(name.Value.ToArray()))
                {
                    headers.Remove(own);
                }
            }
        }

        if (httpContext.Response.ContentLength is null && code is not (204 or 304) && Method != "HEAD")
        {
            httpContext.Response.Body = _counted = new CountedBody(httpContext.Response.Body);
        }

        return copies;
    }

    // Who has the thing knows what it has of it.
    private bool MayBeElsewhere() =>
        Thing is not null && !BodyWasRead && !(Home == Node.Store && Context.Request.Path.Value!.Length > Thing.Length) && _forwarder.HasAnotherStore(this);

    /// <summary>
    /// Path and parameters in the caller's own letters, since a path that was decoded can not be written again as it was: <c>%2F</c> is no slash. <see langword="null"/>
    /// where it has to be tidied first.
    /// </summary>
    private static Uri? AsSent(HttpContext context, string prefix)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        return target is ['/', ..] && !target.AsSpan().ContainsAnyExceptInRange('!', '~') && !target.Contains("/.", StringComparison.Ordinal)
            && (!target.Contains('%', StringComparison.Ordinal) || !target.Contains("/%2e", StringComparison.OrdinalIgnoreCase))
            ? new Uri(prefix + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })
            : null;
    }

    // What a caller says about the way it came is not believed; what it says to the inside, neither.
    private static bool IsForUs(string name) =>
        name.StartsWith("X-", StringComparison.OrdinalIgnoreCase)
            ? name.StartsWith(Inner, StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase)
            : name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase);

    /// <summary>Headers that a connection names as its own: RFC 9110, clause 7.6.1.</summary>
    private static IEnumerable<string> Named(StringValues connection) => connection.Count == 0
        ? []
        : connection.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Where(name => !IsOfHttp(name) && IsToken(name));

    private static bool IsOfHttp(string name) =>
        name.Equals("keep-alive", StringComparison.OrdinalIgnoreCase) || name.Equals("close", StringComparison.OrdinalIgnoreCase) || name.Equals("upgrade", StringComparison.OrdinalIgnoreCase);

    private static bool IsToken(string name) => name.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal));
}
