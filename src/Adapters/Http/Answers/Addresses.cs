using GeoWps.Adapters.Http.Jobs;
using GeoWps.Domain.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>The addresses of what the server offers, as the caller reaches it.</summary>
internal static class Addresses
{
    /// <summary>The server's own address as the caller wrote it, ending in a slash.</summary>
    public static string BaseAddress(this HttpRequest request)
    {
        // A client of HTTP/1.0 need not name the host.
        var host = request.Host.HasValue ? request.Host : LocalHost(request.HttpContext.Connection);
        return UriHelper.BuildAbsolute(request.Scheme, host, request.PathBase, "/");
    }

    /// <summary>This address with some of its parameters changed (<see langword="null"/>: left out).</summary>
    public static string With(this HttpRequest request, params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var pairs = request.Query.SelectMany(pair => pair.Value, (pair, text) => KeyValuePair.Create(pair.Key, text)).ToList();
        foreach (var (name, value) in changes)
        {
            pairs.RemoveAll(pair => pair.Key == name);
            if (value is not null)
            {
                pairs.Add(KeyValuePair.Create(name, (string?)value));
            }
        }

        return request.BaseAddress() + (request.Path.Value ?? "").TrimStart('/') + QueryString.Create(pairs).ToUriComponent();
    }

    /// <summary>The same resource in the form named, in the place of that which <paramref name="address"/> names.</summary>
    public static string In(string address, string form)
    {
        var parts = address.Split('?', 2);
        var others = parts.Length == 1 ? [] : parts[1].Split('&').Where(pair => !pair.StartsWith("f=", StringComparison.Ordinal));
        return $"{parts[0]}?{string.Join('&', [.. others, $"f={form}"])}";
    }

    /// <remarks>A colon may stand in a path, and ids such as <c>native:buffer</c> read better so.</remarks>
    public static string Process(string baseAddress, string id) =>
        $"{baseAddress}processes/{Uri.EscapeDataString(id).Replace("%3A", ":", StringComparison.Ordinal)}";

    public static string Job(string baseAddress, string id) => $"{baseAddress}jobs/{id}";

    /// <summary>The list of the jobs that a chain consists of.</summary>
    public static string Steps(string baseAddress, string id) => $"{baseAddress}jobs?{JobQuery.Parent}={id}";

    public static string Collection(string baseAddress, string layer) => $"{baseAddress}collections/{Uri.EscapeDataString(layer)}";

    /// <summary>Where a layer is administered.</summary>
    public static string Layer(string baseAddress, string layer) => $"{baseAddress}admin/layers/{Uri.EscapeDataString(layer)}";

    public static string File(string baseAddress, FilePath path) => $"{baseAddress}files/{string.Join('/', path.Text.Split('/').Select(Uri.EscapeDataString))}";

    public static string Results(string baseAddress, string id) => $"{baseAddress}jobs/{id}/results";

    public static string Result(string baseAddress, string id, string name) => $"{baseAddress}jobs/{id}/results/{Uri.EscapeDataString(name)}";

    private static HostString LocalHost(ConnectionInfo connection) =>
        connection.LocalIpAddress is { } address
            ? new HostString(address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString() : address.ToString(), connection.LocalPort)
            : new HostString("localhost");
}
