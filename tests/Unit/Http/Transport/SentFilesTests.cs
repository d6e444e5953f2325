using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Cryptography;
using GeoWps.Adapters.Http.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Shouldly;

namespace GeoWps.Tests.Unit.Http.Transport;

/// <summary>Files that the kernel sends, over real sockets.</summary>
public sealed class SentFilesTests : IDisposable
{
    private static readonly byte[] _content = RandomNumberGenerator.GetBytes(20_000_000);

    private readonly string _file = Path.GetTempFileName();

    public SentFilesTests() => File.WriteAllBytes(_file, _content);

    public void Dispose() => File.Delete(_file);

    [EpollFact]
    public async Task Parts_of_files_arrive_whole_between_what_is_written_though_the_file_is_closed_and_the_client_slow()
    {
        await using var server = await TransportServer.StartAsync(async context =>
        {
            var (offset, length) = Part(context.Request.Path.Value!);
            context.Response.ContentLength = length + 10;
            await context.Response.StartAsync();
            var body = context.Response.BodyWriter;
            body.Write("before"u8);
            using (var file = File.OpenHandle(_file))
            {
                for (var at = 0; at < length; at += DirectContent.Most)
                {
                    DirectContent.Of(context)!.TryWrite(body, file, offset + at, Math.Min(DirectContent.Most, length - at)).ShouldBeTrue();
                    if (at % 3 == 0)
                    {
                        await body.FlushAsync();
                    }
                }
            }

            body.Write("end!"u8);
            await body.FlushAsync();
        });
        using var client = new HttpClient { BaseAddress = server.Address };

        await Parallel.ForEachAsync(new[] { "/0-20000000", "/1-1", "/4095-4097", "/19999999-1", "/7-1048576", "/7-1048577", "/1000000-9000000" }.SelectMany(path => Enumerable.Repeat(path, 3)), async (path, _) =>
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            await Task.Delay(50);
            var (offset, length) = Part(path);
            (await answer.Content.ReadAsByteArrayAsync()).AsSpan().SequenceEqual([.. "before"u8, .. _content.AsSpan(offset, length), .. "end!"u8]).ShouldBeTrue(path);
        });
    }

    [EpollFact]
    public async Task An_answer_whose_file_is_shorter_than_it_said_breaks_off()
    {
        await using var server = await TransportServer.StartAsync(async context =>
        {
            context.Response.ContentLength = 2_000;
            await context.Response.StartAsync();
            using var file = File.OpenHandle(_file);
            DirectContent.Of(context)!.TryWrite(context.Response.BodyWriter, file, _content.Length - 500, 2_000).ShouldBeTrue();
            await context.Response.BodyWriter.FlushAsync();
        });
        using var socket = await server.ConnectAsync();
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());

        (await EndOfAsync(socket)).ShouldBeLessThan(2_000);
    }

    [EpollFact]
    public async Task A_file_whose_client_has_left_is_let_go()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await TransportServer.StartAsync(async context =>
        {
            context.Response.ContentLength = _content.Length;
            await context.Response.StartAsync();
            try
            {
                using (var file = File.OpenHandle(_file))
                {
                    for (var at = 0; at + DirectContent.Most <= _content.Length; at += DirectContent.Most)
                    {
                        DirectContent.Of(context)!.TryWrite(context.Response.BodyWriter, file, at, DirectContent.Most);
                        (await context.Response.BodyWriter.FlushAsync(context.RequestAborted)).IsCompleted.ShouldBeFalse();
                    }
                }
            }
            finally
            {
                done.SetResult();
            }
        });
        using (var socket = await server.ConnectAsync())
        {
            await socket.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
            (await socket.ReceiveAsync(new byte[1000])).ShouldBeGreaterThan(0);
            socket.LingerState = new LingerOption(true, 0);
        }

        await done.Task.WaitAsync(TimeSpan.FromSeconds(30));
        for (var i = 0; i < 3000 && IsOpen(); i++)
        {
            await Task.Delay(10);
        }

        IsOpen().ShouldBeFalse();
    }

    [EpollFact]
    public async Task What_can_not_be_sent_on_costs_its_own_connection_only()
    {
        await using var server = await TransportServer.StartAsync(async context =>
        {
            context.Response.ContentLength = _content.Length + 10;
            await context.Response.StartAsync();
            using var file = File.OpenHandle(_file);
            var direct = DirectContent.Of(context)!;
            for (var at = 0; at < _content.Length; at += DirectContent.Most)
            {
                direct.TryWrite(context.Response.BodyWriter, file, at, Math.Min(DirectContent.Most, _content.Length - at)).ShouldBeTrue();
            }

            using var broken = new Unpinnable();
            direct.Write(context.Response.BodyWriter, broken.Memory);
            await context.Response.BodyWriter.FlushAsync();
        });

        for (var i = 0; i < 2; i++)
        {
            using var socket = await server.ConnectAsync();
            await socket.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
            (await EndOfAsync(socket)).ShouldBeGreaterThan(_content.Length - 1);
        }
    }

    [Fact]
    public void A_body_that_may_not_be_written_any_more_holds_no_file_and_what_is_written_next_goes_out()
    {
        var writer = new SocketWriter(-1, MemoryPool<byte>.Shared, _ => { }, _ => { });
        var body = new Pipe().Writer;
        body.Complete();
        using (var file = File.OpenHandle(_file))
        {
            Should.Throw<InvalidOperationException>(() => writer.TryWrite(body, file, 0, DirectContent.Most));
        }

        IsOpen().ShouldBeFalse();
        writer.GetMemory(1).Length.ShouldBeLessThan(DirectContent.Most);
    }

    [Fact]
    public void Nothing_is_sent_past_encryption_or_other_answers()
    {
        var context = new DefaultHttpContext { Request = { Protocol = HttpProtocol.Http11 } };
        DirectContent.Of(context).ShouldBeNull();
        context.Features.Set<IDirectContent>(new SocketWriter(-1, MemoryPool<byte>.Shared, _ => { }, _ => { }));
        DirectContent.Of(context).ShouldNotBeNull();

        context.Request.Protocol = HttpProtocol.Http2;
        DirectContent.Of(context).ShouldBeNull();
        context.Request.Protocol = HttpProtocol.Http11;
        context.Features.Set<ITlsConnectionFeature>(new TlsConnectionFeature());
        DirectContent.Of(context).ShouldBeNull();
    }

    private static (int Offset, int Length) Part(string path) => path[1..].Split('-') is [var offset, var length] ? (int.Parse(offset, null), int.Parse(length, null)) : default;

    private static async Task<int> EndOfAsync(Socket socket)
    {
        var (all, buffer) = (0, new byte[4096]);
        try
        {
            while (await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(30)) is > 0 and var read)
            {
                all += read;
            }
        }
        catch (SocketException)
        {
            // It ends so or so.
        }

        return all;
    }

    // Of files that others close just then the target is null.
    private bool IsOpen() => Directory.GetFiles("/proc/self/fd").Any(link => new FileInfo(link).LinkTarget == _file);

    private sealed class Unpinnable : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => new byte[10];

        public override MemoryHandle Pin(int elementIndex = 0) => throw new InvalidOperationException("Not this one.");

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
