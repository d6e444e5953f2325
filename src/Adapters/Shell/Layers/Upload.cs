using System.Net;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace GeoWps.Adapters.Shell.Layers;

/// <summary>Sends a file, and shows a person how far it is when it is large.</summary>
internal static class Upload
{
    private const long Large = 4 * 1024 * 1024;

    public static async Task<JsonNode> WithProgressAsync(Terminal terminal, string title, string path, Func<HttpContent, Task<JsonNode>> send)
    {
        var length = new FileInfo(path).Length;
        if (!terminal.Decorated || length < Large)
        {
            return await send(new FileContent(path, length, _ => { }));
        }

        return await terminal.CreateErrorConsole().Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(title), maxValue: length);
                return await send(new FileContent(path, length, sent => bar.Value = sent));
            });
    }

    /// <summary>A file as the content of a request, which can be sent again.</summary>
    private sealed class FileContent(string path, long length, Action<long> tell) : HttpContent
    {
        private const int Piece = 128 * 1024;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var (buffer, sent) = (new byte[Piece], 0L);
            await using var file = File.OpenRead(path);
            int read;
            while ((read = await file.ReadAsync(buffer)) > 0)
            {
                await stream.WriteAsync(buffer.AsMemory(0, read));
                tell(sent += read);
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
