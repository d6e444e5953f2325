using System.Net;
using System.Text.Json;

namespace GeoWps.Tests.Integration.Records;

/// <summary>Stands before a node that is harvested, and counts the records that are read of it.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly HttpClient _node;
    private readonly HttpListener _listener = new();
    private readonly Task _serving;
    private int _read;

    public Relay(HttpClient node)
    {
        _node = node;
        for (var attempt = 0; ; attempt++)
        {
            Address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 32_000)}/";
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add(Address);
            try
            {
                _listener.Start();
                break;
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // Somebody has the port.
            }
        }

        _serving = Task.Run(ServeAsync);
    }

    public string Address { get; }

    /// <summary>Records that were read since this was last asked.</summary>
    public int TakeRead() => Interlocked.Exchange(ref _read, 0);

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            await AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, context.Request.RawUrl!.TrimStart('/'));
        request.Headers.Host = context.Request.UserHostName;
        foreach (var name in new[] { "Accept", "Authorization", "If-None-Match" })
        {
            if (context.Request.Headers[name] is { } value)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var answer = await _node.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        if (answer.IsSuccessStatusCode && JsonElement.Parse(body) is { ValueKind: JsonValueKind.Object } document && document.TryGetProperty("features", out var features))
        {
            Interlocked.Add(ref _read, features.GetArrayLength());
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await context.Response.OutputStream.WriteAsync(body);
        context.Response.Close();
    }
}
