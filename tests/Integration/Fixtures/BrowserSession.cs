using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>A browser without a window that does what somebody does at a page, by the protocol of its developer tools: what a page forbids itself (its policy) holds.</summary>
internal sealed class BrowserSession : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("geowps-chromium-");
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _asked = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly Process _browser;
    private Task _reading = Task.CompletedTask;
    private int _last;

    private BrowserSession(int width, int height) => _browser = Chromium.Start(_profile, $"--window-size={width},{height}", "--remote-debugging-port=0", "about:blank");

    /// <summary>What the page's console was told that went wrong, such as what its policy refused.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public static async Task<BrowserSession> OpenAsync(string address, int width = 1200, int height = 900)
    {
        var session = new BrowserSession(width, height);
        try
        {
            await session.ConnectAsync();
            await session.AskAsync("Runtime.enable");
            await session.AskAsync("Log.enable");
            await session.AskAsync("DOM.enable");
            await session.AskAsync("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = width < 600 });
            await session.AskAsync("Page.navigate", new { url = address });
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <returns>The value of an expression in the page, awaited.</returns>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        var answer = await AskAsync("Runtime.evaluate", new { expression, awaitPromise = true, returnByValue = true });
        answer.TryGetProperty("exceptionDetails", out var wrong).ShouldBeFalse(wrong.ToString());
        return answer.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    /// <remarks>What the page has not made yet, or makes anew just then, is not so yet.</remarks>
    public async Task UntilAsync(string isSo)
    {
        for (var patience = Stopwatch.StartNew(); (await EvaluateAsync($"(() => {{ try {{ return Boolean({isSo}); }} catch (error) {{ if (error instanceof TypeError) {{ return false; }} throw error; }} }})()")) is not { ValueKind: JsonValueKind.True }; await Task.Delay(50))
        {
            (patience.Elapsed < _patience).ShouldBeTrue($"in vain: {isSo}\n{await EvaluateAsync("document.body.innerText")}");
        }
    }

    /// <summary>Chooses files as if in the dialog of an input.</summary>
    public async Task ChooseAsync(string selector, params string[] files)
    {
        var document = await AskAsync("DOM.getDocument");
        var node = await AskAsync("DOM.querySelector", new { nodeId = document.GetProperty("root").GetProperty("nodeId").GetInt32(), selector });
        await AskAsync("DOM.setFileInputFiles", new { nodeId = node.GetProperty("nodeId").GetInt32(), files });
    }

    /// <summary>Sends no faster from now on; 0: as fast as it can.</summary>
    public async Task SlowDownAsync(int bytesPerSecond)
    {
        await AskAsync("Network.enable");
        await AskAsync("Network.emulateNetworkConditions", new { offline = false, latency = 0, downloadThroughput = -1, uploadThroughput = bytesPerSecond == 0 ? -1 : bytesPerSecond });
    }

    /// <returns>PNG.</returns>
    public async Task<byte[]> ScreenshotAsync() => (await AskAsync("Page.captureScreenshot")).GetProperty("data").GetBytesFromBase64();

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _browser.Kill(entireProcessTree: true);
        await _browser.WaitForExitAsync();
        _browser.Dispose();
        _socket.Dispose();
        _ended.Dispose();
        _profile.Delete(recursive: true);
    }

    private async Task ConnectAsync()
    {
        // The browser writes its port here.
        var file = Path.Combine(_profile.FullName, "DevToolsActivePort");
        using var http = new HttpClient();
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            (patience.Elapsed < _patience && !_browser.HasExited).ShouldBeTrue("the browser listens");
            try
            {
                if (File.Exists(file) && await File.ReadAllLinesAsync(file) is [var port, ..] && JsonElement.Parse(await http.GetStringAsync($"http://127.0.0.1:{port}/json/list"))
                    .EnumerateArray().FirstOrDefault(target => target.GetProperty("type").GetString() == "page") is { ValueKind: JsonValueKind.Object } page)
                {
                    await _socket.ConnectAsync(new Uri(page.GetProperty("webSocketDebuggerUrl").GetString()!), _ended.Token);
                    _reading = ReadAsync();
                    return;
                }
            }
            catch (Exception early) when (early is HttpRequestException or IOException)
            {
                // It has only begun.
            }
        }
    }

    private async Task<JsonElement> AskAsync(string method, object? parameters = null)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters ?? new { } }), WebSocketMessageType.Text, endOfMessage: true, _ended.Token);
        return await answer.Task.WaitAsync(_patience);
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        while (!_ended.IsCancellationRequested)
        {
            using var message = new MemoryStream();
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer.AsMemory(), _ended.Token);
                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            Take(JsonElement.Parse(message.ToArray()));
        }
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("id", out var id) && _asked.TryRemove(id.GetInt32(), out var asked))
        {
            asked.SetResult(message.TryGetProperty("result", out var result) ? result : message);
        }
        else if (message.TryGetProperty("method", out var method) && method.GetString() is "Runtime.exceptionThrown" or "Log.entryAdded")
        {
            _complaints.Enqueue(message.ToString());
        }
    }
}
