using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace GeoWps.Adapters.Shell.Files;

/// <param name="Path">Below <c>/files/</c>; one that ends in a slash is the folder; empty: at the top, under the file's own name.</param>
internal sealed record PutWish(string File, string Path, bool WithChecksums, bool MayReplace, bool Json);

/// <summary><c>geowps files put FILE [PATH]</c>: uploads a file, and goes on with what an earlier command has begun.</summary>
internal static class PutFile
{
    public static async Task<int> ExecuteAsync(ApiClient api, Terminal terminal, PutWish wish, CancellationToken cancellationToken)
    {
        var file = new FileInfo(wish.File);
        if (!file.Exists)
        {
            throw CommandException.Usage(Directory.Exists(wish.File) ? $"{wish.File} is a folder" : $"there is no file {wish.File}");
        }

        var target = wish.Path.Length == 0 || wish.Path.EndsWith('/') ? wish.Path + file.Name : wish.Path;
        var memory = UploadMemory.Of(file, api.Server, target);
        var (progress, resumed) = wish.Json || !terminal.Decorated || file.Length == 0
            ? await UploadAsync(api, terminal, file, target, wish, memory, _ => { }, cancellationToken)
            : await terminal.CreateErrorConsole().Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
                .StartAsync(context =>
                {
                    var bar = context.AddTask(Markup.Escape(file.Name), maxValue: file.Length);
                    return UploadAsync(api, terminal, file, target, wish, memory, sent => bar.Value = sent, cancellationToken);
                });
        if (wish.Json)
        {
            terminal.WriteJson(new JsonObject { ["path"] = target, ["file"] = progress.File, ["bytes"] = file.Length, ["resumedAt"] = resumed });
        }
        else
        {
            terminal.Out.WriteLine(progress.File ?? target);
        }

        return 0;
    }

    private static async Task<(UploadProgress Progress, long Resumed)> UploadAsync(
        ApiClient api, Terminal terminal, FileInfo file, string target, PutWish wish, UploadMemory memory, Action<long> tell, CancellationToken cancellationToken)
    {
        var upload = new TusUpload(api, file, wish.WithChecksums, tell);
        if (memory.Recall() is { } known && await upload.AskAsync(known, cancellationToken) is { } at && await SendAsync(known, at) is { } gone)
        {
            return (gone, at.Offset);
        }

        var metadata = new List<(string, string)> { ("filename", target) };
        if (wish.MayReplace)
        {
            metadata.Add(("overwrite", "true"));
        }

        if (wish.WithChecksums)
        {
            await using var content = file.OpenRead();
            metadata.Add(("sha256", Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken))));
        }

        var id = await upload.CreateAsync(metadata, cancellationToken);
        memory.Keep(id);
        return await SendAsync(id, new UploadProgress(0, null)) is { } done ? (done, 0) : throw new CommandException("the server has removed the upload");

        async Task<UploadProgress?> SendAsync(string of, UploadProgress from)
        {
            try
            {
                var end = await upload.SendAsync(of, from, cancellationToken);

                // One without a byte, and one whose last answer was lost, are asked for their file.
                end = end is { File: null } ? await upload.AskAsync(of, cancellationToken) : end;
                memory.Forget();
                return end;
            }
            catch (Exception failure) when (failure is OperationCanceledException or NoAnswerException or HttpRequestException or IOException)
            {
                terminal.Complain(["the upload is not finished; the same command goes on with it"]);
                throw;
            }
        }
    }
}
