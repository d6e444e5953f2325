using Spectre.Console;

namespace GeoWps.Adapters.Shell.Results;

/// <summary>Saves what a server answers, and shows a person how far it is when it is large. Whoever sees the file sees all of it.</summary>
internal static class Download
{
    private const long Large = 4 * 1024 * 1024;
    private const int Piece = 128 * 1024;

    /// <returns>Its bytes.</returns>
    public static async Task<long> SaveAsync(Terminal terminal, HttpResponseMessage response, string file, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var part = file + ".part";
        try
        {
            var length = await WithProgressAsync(terminal, response.Content.Headers.ContentLength, file, tell => CopyAsync(response, part, tell, cancellationToken));
            File.Move(part, file, overwrite: true);
            return length;
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <summary>The same, after what is in <paramref name="part"/> already; that stays when it is broken off.</summary>
    /// <returns>Bytes of the whole.</returns>
    public static async Task<long> ContinueAsync(Terminal terminal, HttpResponseMessage response, string file, string part, long have, CancellationToken cancellationToken)
    {
        var length = await WithProgressAsync(terminal, have + response.Content.Headers.ContentLength, file, tell => CopyAsync(response, part, tell, cancellationToken, have));
        File.Move(part, file, overwrite: true);
        return length;
    }

    private static async Task<long> WithProgressAsync(Terminal terminal, long? length, string title, Func<Action<long>, Task<long>> copy)
    {
        if (!terminal.Decorated || length is null or < Large)
        {
            return await copy(_ => { });
        }

        return await terminal.CreateErrorConsole().Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var bar = context.AddTask(Markup.Escape(title), maxValue: length.Value);
                return copy(received => bar.Value = received);
            });
    }

    private static async Task<long> CopyAsync(HttpResponseMessage response, string part, Action<long> tell, CancellationToken cancellationToken, long have = 0)
    {
        await using var target = new FileStream(part, have > 0 ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        var (buffer, received) = (new byte[Piece], have);
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            tell(received += read);
        }

        return received;
    }
}
