using System.Collections.Concurrent;
using System.Net;
using System.Text;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Tiles;

/// <summary>Another server's tiles that counts who asks, and answers when it is let: each answer is a picture of its own.</summary>
internal sealed class CountedTiles : IDisposable
{
    private static readonly byte[] _picture =
        Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, int> _numbers = new();

    public CountedTiles()
    {
        var port = FreePorts.Next();
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        Template = $"http://127.0.0.1:{port}/{{z}}/{{x}}/{{y}}.png";
        _gate.SetResult();
        _ = ServeAsync();
    }

    public string Template { get; }

    /// <summary>How often a tile was asked for; who waits is among them.</summary>
    public int RequestsOf(int level, int column, int row) => _requests.Count(path => path == $"/{level}/{column}/{row}.png");

    /// <summary>Status of the answers from now on.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Whoever asks from now on waits.</summary>
    public void Close() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _gate.TrySetResult();

    /// <summary>Which of the answers of its address, from 1, a tile is.</summary>
    public static int NumberOf(byte[] tile) => int.Parse(Encoding.ASCII.GetString(tile.AsSpan(_picture.Length)), System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose() => ((IDisposable)_listener).Dispose();

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _requests.Enqueue(context.Request.Url!.AbsolutePath);
            _ = AnswerAsync(context, _numbers.AddOrUpdate(context.Request.Url.AbsolutePath, 1, (_, before) => before + 1), _gate.Task);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context, int number, Task gate)
    {
        await gate;
        try
        {
            context.Response.StatusCode = Status;
            context.Response.ContentType = "image/png";
            await context.Response.OutputStream.WriteAsync((byte[])[.. _picture, .. Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // Who asked was killed.
        }
    }
}
