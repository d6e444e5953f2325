using System.Collections.Concurrent;
using System.Net;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>A small web server for what inputs refer to. It remembers who asked for what, so one without files shows that nobody came.</summary>
public sealed class FileHost : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, Action<HttpListenerContext>> _answers = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<Post> _posts = new();

    public FileHost()
    {
        Port = FreePorts.Next();
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port { get; }

    /// <summary>What was posted to the addresses that <see cref="Receive"/> made, in the order in which it came.</summary>
    public IReadOnlyCollection<Post> Posted => _posts;

    /// <summary>Paths with their queries, in the order in which they came.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public string AddressOf(string name) => $"http://127.0.0.1:{Port}/{name}";

    /// <returns>Its address.</returns>
    public string Put(string name, byte[] content, string? mediaType = null) => Answer(name, context =>
    {
        var response = context.Response;
        response.ContentType = mediaType;
        response.ContentLength64 = content.Length;
        response.OutputStream.Write(content);
    });

    /// <summary>Answers with what it was asked: the method, the header <c>X-Key</c>, the body.</summary>
    public void Echo(string name) => Answer(name, context =>
    {
        using var body = new StreamReader(context.Request.InputStream);
        using var writer = new StreamWriter(context.Response.OutputStream);
        writer.Write($"<got method=\"{context.Request.HttpMethod}\" key=\"{context.Request.Headers["X-Key"]}\">{body.ReadToEnd()}</got>");
    });

    /// <param name="answers">Status codes of the first answers; afterwards 200.</param>
    /// <returns>The address that takes whatever is posted.</returns>
    public string Receive(string name, params int[] answers)
    {
        var taken = 0;
        return Answer(name, context =>
        {
            using var body = new StreamReader(context.Request.InputStream);
            var text = body.ReadToEnd();
            var number = Interlocked.Increment(ref taken);
            context.Response.StatusCode = number <= answers.Length ? answers[number - 1] : 200;
            _posts.Enqueue(new Post(name, context.Request.HttpMethod, context.Request.ContentType, text));
        });
    }

    /// <returns>The address that leads elsewhere.</returns>
    public string Redirect(string name, string target) => Answer(name, context =>
    {
        context.Response.StatusCode = 302;
        context.Response.Headers["Location"] = target;
    });

    public void Dispose() => _listener.Close();

    private string Answer(string name, Action<HttpListenerContext> answer)
    {
        _answers["/" + name] = answer;
        return AddressOf(name);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => Serve(context));
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private void Serve(HttpListenerContext context)
    {
        _requests.Enqueue(context.Request.RawUrl!);
        try
        {
            if (_answers.TryGetValue(Uri.UnescapeDataString(context.Request.Url!.AbsolutePath), out var answer))
            {
                answer(context);
            }
            else
            {
                context.Response.StatusCode = 404;
            }

            context.Response.Close();
        }
        catch (Exception error) when (error is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The one who asked has gone.
        }
    }
}

/// <summary>What came in at an address.</summary>
public sealed record Post(string Name, string Method, string? ContentType, string Body);
