using System.Diagnostics;
using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using GeoWps.Adapters.Http.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Shouldly;

namespace GeoWps.Tests.Unit.Http.Transport;

/// <summary>The transport under Kestrel, with real sockets.</summary>
public sealed class EpollTransportTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private long _sent;

    private static bool IsOnSockets => Thread.CurrentThread.Name?.StartsWith(EpollLoop.Name, StringComparison.Ordinal) == true;

    [EpollFact]
    public async Task A_quick_answer_is_given_on_the_thread_of_the_sockets_and_nothing_else_is()
    {
        var threads = new List<(string Path, bool OnSockets)>();
        await using var server = await TransportServer.StartAsync(
            async context =>
            {
                threads.Add(("begin", IsOnSockets));
                var buffer = new byte[1000];
                while (await context.Request.Body.ReadAsync(buffer) > 0)
                {
                    threads.Add(("body", IsOnSockets));
                }

                await context.Response.WriteAsync("slow");
            },
            context =>
            {
                if (context.Request.Path != "/quick")
                {
                    return null;
                }

                threads.Add(("quick", IsOnSockets));
                return context.Response.WriteAsync("quick");
            });
        using var socket = await server.ConnectAsync();

        for (var round = 0; round < 3; round++)
        {
            await AskAsync(socket, "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n", "quick");
            await AskAsync(socket, "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n", "");
            await AskAsync(socket, "abc", "");
            await AskAsync(socket, "def", "slow");
        }

        // The first may have come before Kestrel was there.
        threads.Where(at => at.Path == "quick").Skip(1).ShouldAllBe(at => at.OnSockets);
        threads.Count(at => at.Path == "body").ShouldBeGreaterThanOrEqualTo(3);
        threads.Where(at => at.Path != "quick").ShouldAllBe(at => !at.OnSockets);
    }

    [EpollFact]
    public async Task A_request_that_blocks_holds_up_no_other()
    {
        using var going = new ManualResetEventSlim();
        await using var server = await TransportServer.StartAsync(
            context =>
            {
                going.Wait(_patience).ShouldBeTrue();
                return context.Response.WriteAsync("slow");
            },
            context => context.Request.Path == "/quick" ? context.Response.WriteAsync("quick") : null);
        using var client = new HttpClient { BaseAddress = server.Address };

        var slow = client.GetStringAsync(new Uri("/slow", UriKind.Relative));
        for (var i = 0; i < 20; i++)
        {
            (await client.GetStringAsync(new Uri("/quick", UriKind.Relative))).ShouldBe("quick");
        }

        slow.IsCompleted.ShouldBeFalse();
        going.Set();
        (await slow).ShouldBe("slow");
    }

    [EpollFact]
    public async Task Large_bodies_arrive_whole_both_ways_when_either_side_is_slow()
    {
        await using var server = await TransportServer.StartAsync(
            async context =>
            {
                // Slower than it comes, so that the sender has to wait.
                await Task.Delay(200);
                var kept = new MemoryStream();
                await context.Request.Body.CopyToAsync(kept);
                kept.Position = 0;
                await kept.CopyToAsync(context.Response.Body);
            });
        using var client = new HttpClient { BaseAddress = server.Address };
        var sent = RandomNumberGenerator.GetBytes(20_000_000);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(sent) };

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await Task.Delay(200);
        var got = await answer.Content.ReadAsByteArrayAsync();

        got.AsSpan().SequenceEqual(sent).ShouldBeTrue();
    }

    [EpollFact]
    public async Task Kept_content_is_sent_from_where_it_is_and_arrives_whole_beside_what_is_written()
    {
        var contents = new[] { 1, 4096, 57_000, 900_000, 3_000_000 }.Select(RandomNumberGenerator.GetBytes).ToArray();
        await using var server = await TransportServer.StartAsync(
            _ => throw new InvalidOperationException(),
            context =>
            {
                var content = contents[int.Parse(context.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture)];
                context.Response.ContentLength = content.Length + 10;
                context.Response.StartAsync().IsCompletedSuccessfully.ShouldBeTrue();
                var body = context.Response.BodyWriter;
                body.Write("before"u8);
                context.Features.Get<IDirectContent>()!.Write(body, content);
                body.Write("end!"u8);
                return Task.CompletedTask;
            });
        using var client = new HttpClient { BaseAddress = server.Address };

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), async (i, _) =>
        {
            var got = await client.GetByteArrayAsync(new Uri($"/{i % contents.Length}", UriKind.Relative));
            got.AsSpan().SequenceEqual([.. "before"u8, .. contents[i % contents.Length], .. "end!"u8]).ShouldBeTrue();
        });
    }

    [EpollFact]
    public async Task Requests_sent_at_once_are_answered_in_order()
    {
        await using var server = await TransportServer.StartAsync(
            async context =>
            {
                await Task.Yield();
                await context.Response.WriteAsync($"[{context.Request.Path}]");
            },
            context => context.Request.Path.Value!.EndsWith('0') ? context.Response.WriteAsync($"[{context.Request.Path}]") : null);
        using var socket = await server.ConnectAsync();

        var all = string.Concat(Enumerable.Range(0, 50).Select(i => $"GET /{i} HTTP/1.1\r\nHost: a\r\n{(i == 49 ? "Connection: close\r\n" : "")}\r\n"));
        await socket.SendAsync(Encoding.ASCII.GetBytes(all));
        var got = await TransportServer.ReadAllAsync(socket);

        System.Text.RegularExpressions.Regex.Matches(got, @"\[/(\d+)\]").Select(match => match.Groups[1].Value).ShouldBe(Enumerable.Range(0, 50).Select(i => $"{i}"));
    }

    [EpollTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_cancels_its_request(bool reset)
    {
        var (begun, cancelled) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var server = await TransportServer.StartAsync(async context =>
        {
            begun.SetResult();
            await Task.Delay(_patience, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            cancelled.SetResult();
        });
        var socket = await server.ConnectAsync();
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
        await begun.Task.WaitAsync(_patience);

        socket.LingerState = new LingerOption(reset, 0);
        socket.Dispose();

        await cancelled.Task.WaitAsync(_patience / 2);
    }

    [EpollFact]
    public async Task A_client_that_leaves_while_it_is_written_to_ends_the_writing()
    {
        var ended = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await TransportServer.StartAsync(async context =>
        {
            // What is written when the client has gone takes no time: it is a matter of how long, and not of how much.
            var time = Stopwatch.StartNew();
            try
            {
                while (time.Elapsed < _patience)
                {
                    await context.Response.Body.WriteAsync(new byte[100_000], context.RequestAborted);
                }

                ended.SetResult("nobody said that the client has gone");
            }
            catch (OperationCanceledException)
            {
                ended.SetResult("cancelled");
            }
        });
        var socket = await server.ConnectAsync();
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
        await socket.ReceiveAsync(new byte[1000]);

        socket.Dispose();

        (await ended.Task.WaitAsync(_patience)).ShouldBe("cancelled");
    }

    [EpollFact]
    public async Task A_body_that_nobody_reads_does_not_fill_the_memory()
    {
        var going = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await TransportServer.StartAsync(
            async context =>
            {
                await going.Task;
                await context.Request.Body.CopyToAsync(Stream.Null);
            },
            limits: limits => (limits.MaxRequestBodySize, limits.MinRequestBodyDataRate) = (null, null));
        using var socket = await server.ConnectAsync();
        await socket.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\nConnection: close\r\n\r\n"u8.ToArray());

        var sending = Task.Run(async () =>
        {
            var sent = 0L;
            while (sent < 100_000_000)
            {
                sent += await socket.SendAsync(new byte[Math.Min(100_000, 100_000_000 - sent)]);
                Volatile.Write(ref _sent, sent);
            }
        });
        var before = -1L;
        while (Volatile.Read(ref _sent) is var now && now != before)
        {
            before = now;
            await Task.Delay(300);
        }

        // What the system and the transport hold for both sides.
        before.ShouldBeLessThan(50_000_000);
        going.SetResult();
        await sending.WaitAsync(_patience);
        (await TransportServer.ReadAllAsync(socket)).ShouldStartWith("HTTP/1.1 200");
    }

    [EpollFact]
    public async Task A_client_that_says_nothing_is_let_go()
    {
        await using var server = await TransportServer.StartAsync(_ => Task.CompletedTask, limits: limits => limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1));
        using var socket = await server.ConnectAsync();
        await socket.SendAsync("GET / HTTP/1.1\r\nHo"u8.ToArray());

        (await TransportServer.ReadAllAsync(socket).WaitAsync(_patience)).ShouldStartWith("HTTP/1.1 408");
    }

    [EpollFact]
    public async Task A_stop_ends_connections_that_are_idle_and_those_that_do_not_end()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await TransportServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/hang")
            {
                begun.SetResult();
                await Task.Delay(-1, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        });
        using var idle = await server.ConnectAsync();
        using var hanging = await server.ConnectAsync();
        await AskAsync(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200");
        await hanging.SendAsync("GET /hang HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
        await begun.Task.WaitAsync(_patience);

        await server.StopAsync().WaitAsync(_patience);
        await server.DisposeAsync();

        (await TransportServer.ReadAllAsync(idle)).ShouldBe("");
        (await TransportServer.ReadAllAsync(hanging)).ShouldBe("");
        await Should.ThrowAsync<SocketException>(() => server.ConnectAsync());
    }

    [EpollFact]
    public async Task Many_connections_that_come_and_go_get_their_own_answers()
    {
        await using var server = await TransportServer.StartAsync(
            async context =>
            {
                var content = await new StreamReader(context.Request.Body).ReadToEndAsync();
                await context.Response.WriteAsync(new string(content[0], content.Length * 3));
            },
            context => HttpMethods.IsGet(context.Request.Method) ? context.Response.WriteAsync(context.Request.Path.Value!) : null);

        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            using var client = new HttpClient { BaseAddress = server.Address };
            (await client.GetStringAsync(new Uri($"/{i}", UriKind.Relative))).ShouldBe($"/{i}");
            using var posted = await client.PostAsync(new Uri("/", UriKind.Relative), new StringContent(new string((char)('a' + (i % 26)), (i * 997) + 1)));
            (await posted.Content.ReadAsStringAsync()).ShouldBe(new string((char)('a' + (i % 26)), ((i * 997) + 1) * 3));
            (await client.GetStringAsync(new Uri($"/{i}", UriKind.Relative))).ShouldBe($"/{i}");
        });
    }

    private static async Task AskAsync(Socket socket, string request, string end)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        if (end.Length == 0)
        {
            // So that it is read by itself.
            await Task.Delay(50);
            return;
        }

        var (got, buffer) = ("", new byte[4096]);
        while (!got.Contains(end, StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer);
            read.ShouldBeGreaterThan(0);
            got += Encoding.ASCII.GetString(buffer, 0, read);
        }
    }
}

/// <summary>As <see cref="EpollFact"/>, with data.</summary>
public sealed class EpollTheory : TheoryAttribute
{
    public EpollTheory() => Skip = new EpollFact().Skip;
}
