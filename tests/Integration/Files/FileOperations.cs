using System.Diagnostics;
using System.Text;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Uploads;

namespace GeoWps.Tests.Integration.Files;

/// <summary>
/// A process that does one thing to files, and is killed by a thread of its own while it does: <c>file-operation KIND PLACE NAME</c>. It says <c>in ROOT</c> before and <c>out ROOT</c> behind; what was
/// over too early is done again, below another folder.
/// </summary>
internal static class FileOperations
{
    public const string Verb = "file-operation";

    private const int Length = 300_000;
    private const int InFolder = 12;
    private const int MostRounds = 200;

    private static readonly CancellationToken _none = CancellationToken.None;

    /// <summary>By name: what is there before and what after it, below a folder, as paths and labels of contents.</summary>
    public static readonly IReadOnlyDictionary<string, Operation> All = new Dictionary<string, Operation>
    {
        ["store"] = new((work, root) => PutAsync(work, $"{root}/a", "a"), (work, root) => PutAsync(work, $"{root}/new/b", "b"), ["a=a"], ["a=a", "new/b=b"]),
        ["replace"] = new((work, root) => PutAsync(work, $"{root}/a", "a"), (work, root) => PutAsync(work, $"{root}/a", "b"), ["a=a"], ["a=b"]),
        ["remove"] = new((work, root) => PutAsync(work, $"{root}/a", "a"), (work, root) => RemoveAsync(work, $"{root}/a"), ["a=a"], []),
        ["remove folder"] = new((work, root) => PutFolderAsync(work, $"{root}/f"), (work, root) => RemoveAsync(work, $"{root}/f"), Folder("f"), []),
        ["move"] = new((work, root) => PutAsync(work, $"{root}/a", "a"), (work, root) => RelocateAsync(work, $"{root}/a", $"{root}/to/b", isCopy: false), ["a=a"], ["to/b=a"]),
        ["move over"] = new(PutTwoAsync, (work, root) => RelocateAsync(work, $"{root}/a", $"{root}/b", isCopy: false), ["a=a", "b=b"], ["b=a"]),
        ["move folder"] = new((work, root) => PutFolderAsync(work, $"{root}/f"), (work, root) => RelocateAsync(work, $"{root}/f", $"{root}/to/g", isCopy: false), Folder("f"), Folder("to/g")),
        ["copy"] = new((work, root) => PutAsync(work, $"{root}/a", "a"), (work, root) => RelocateAsync(work, $"{root}/a", $"{root}/b", isCopy: true), ["a=a"], ["a=a", "b=a"]),
        ["copy over"] = new(PutTwoAsync, (work, root) => RelocateAsync(work, $"{root}/a", $"{root}/b", isCopy: true), ["a=a", "b=b"], ["a=a", "b=a"]),
        ["copy folder"] = new((work, root) => PutFolderAsync(work, $"{root}/f"), (work, root) => RelocateAsync(work, $"{root}/f", $"{root}/g", isCopy: true), Folder("f"), [.. Folder("f"), .. Folder("g")]),
        ["end of an upload"] = new((work, root) => UploadAsync(work, $"{root}/u", isOfParts: false), (work, _) => work.Keeper.FinishDueAsync(_none), [], ["u=u"]) { IsEnded = true },
        ["joining of parts"] = new((work, root) => UploadAsync(work, $"{root}/u", isOfParts: true), (work, _) => work.Keeper.FinishDueAsync(_none), [], ["u=u"]) { IsEnded = true },
    };

    public static async Task<int> RunAsync(string kind, string place, string name)
    {
        var operation = All[name];
        await using var work = await FilesAtWork.OpenAsync(kind, place);
        var (expected, run) = (TimeSpan.FromMilliseconds(20), Guid.NewGuid().ToString("N")[..8]);
        for (var round = 0; round < MostRounds; round++)
        {
            var root = $"{run}-{round}";
            await operation.Prepare(work, root);
            await Console.Out.WriteLineAsync($"in {root}");
            await Console.Out.FlushAsync();
            var began = Stopwatch.GetTimestamp();
            using var over = new CancellationTokenSource();
            var killer = KillWithin(expected, over.Token);
            await operation.Act(work, root);
            await over.CancelAsync();
            killer.Join();

            // The first one is slower than all that come.
            expected = Stopwatch.GetElapsedTime(began);
            await Console.Out.WriteLineAsync($"out {root}");
            await Console.Out.FlushAsync();
        }

        return 3;
    }

    /// <returns>What a content was called when it was written; it is whole.</returns>
    public static string LabelOf(string text)
    {
        var label = text[..text.IndexOf(':', StringComparison.Ordinal)];
        text.ShouldBe(TextOf(label));
        return label;
    }

    private static string TextOf(string label) => $"{label}:{new string(label[0], Length)}";

    private static Thread KillWithin(TimeSpan expected, CancellationToken isOver)
    {
        var after = expected * Random.Shared.NextDouble();
        var thread = new Thread(() =>
        {
            var began = Stopwatch.GetTimestamp();
            while (!isOver.IsCancellationRequested)
            {
                if (Stopwatch.GetElapsedTime(began) >= after)
                {
                    using var self = Process.GetCurrentProcess();
                    self.Kill();
                }
            }
        });
        thread.Start();
        return thread;
    }

    private static string[] Folder(string name) => [.. Enumerable.Range(0, InFolder).Select(i => $"{name}/{i % 3}/{i}=x{i}")];

    private static async Task PutAsync(FilesAtWork work, string path, string label) => (await work.Store.ExecuteAsync(
        new StoreCall(FilesAtWork.PathOf(path), FilesAtWork.Li, new MemoryStream(Encoding.ASCII.GetBytes(TextOf(label))), null, BlobCondition.Any), _none)).ShouldBeOfType<FileOutcome.Done>();

    private static async Task PutTwoAsync(FilesAtWork work, string root)
    {
        await PutAsync(work, $"{root}/a", "a");
        await PutAsync(work, $"{root}/b", "b");
    }

    private static async Task PutFolderAsync(FilesAtWork work, string folder)
    {
        for (var i = 0; i < InFolder; i++)
        {
            await PutAsync(work, $"{folder}/{i % 3}/{i}", $"x{i}");
        }
    }

    private static async Task RemoveAsync(FilesAtWork work, string path) =>
        (await work.Remove.ExecuteAsync(FilesAtWork.PathOf(path), isRecursive: true, BlobCondition.Any, FilesAtWork.Li, _none)).ShouldBeOfType<FileOutcome.Done>();

    private static async Task RelocateAsync(FilesAtWork work, string from, string to, bool isCopy) =>
        (await work.Relocate.ExecuteAsync(new RelocateCall(FilesAtWork.PathOf(from), FilesAtWork.PathOf(to), isCopy, Overwrite: true, FilesAtWork.Li), _none)).ShouldBeOfType<FileOutcome.Done>();

    /// <summary>All of it is here, in pieces or in parts of pieces, and it is due to become a file.</summary>
    private static async Task UploadAsync(FilesAtWork work, string path, bool isOfParts)
    {
        var (now, bytes, target) = (DateTimeOffset.UtcNow, Encoding.ASCII.GetBytes(TextOf("u")), new UploadTarget(FilesAtWork.PathOf(path), null, MayReplace: false, null));
        if (!isOfParts)
        {
            await ReceiveAsync(work, Upload.Begin(UploadId.New(), FilesAtWork.Li.Name, target, bytes.Length, "", now, TimeSpan.FromHours(1)), bytes, pieces: 3);
            return;
        }

        Upload[] parts =
        [
            await ReceiveAsync(work, Upload.Begin(UploadId.New(), FilesAtWork.Li.Name, null, 100_001, "", now, TimeSpan.FromHours(1)), bytes[..100_001], pieces: 2),
            await ReceiveAsync(work, Upload.Begin(UploadId.New(), FilesAtWork.Li.Name, null, bytes.Length - 100_001, "", now, TimeSpan.FromHours(1)), bytes[100_001..], pieces: 1),
        ];
        (await work.Uploads.TryAddAsync(Upload.Join(UploadId.New(), FilesAtWork.Li.Name, target, parts, "", now, TimeSpan.FromHours(1))!, 1000, _none)).ShouldBeTrue();
    }

    private static async Task<Upload> ReceiveAsync(FilesAtWork work, Upload upload, byte[] bytes, int pieces)
    {
        (await work.Uploads.TryAddAsync(upload, 1000, _none)).ShouldBeTrue();
        var stored = new List<UploadPiece>();
        foreach (var piece in bytes.Chunk((bytes.Length / pieces) + 1))
        {
            var offset = stored.Sum(one => one.Length);
            stored.Add(new UploadPiece(offset, piece.Length, UploadKeys.NewPiece(upload.Id, offset)));
            await work.Blobs.PutAsync(stored[^1].Key, UploadKeys.ContentType, async (stream, token) => await stream.WriteAsync(piece, token), _none);
        }

        var received = upload.Advance(bytes.Length, DateTimeOffset.UtcNow, TimeSpan.FromHours(1));
        await work.Uploads.TryHoldAsync(upload.Id, "here", TimeSpan.FromSeconds(5), _none);
        (await work.Uploads.TryWriteAsync(received, "here", stored, _none)).ShouldBeTrue();
        await work.Uploads.ReleaseAsync(upload.Id, "here", _none);
        return received;
    }
}

/// <param name="Old">Paths and labels before it, as <c>path=label</c>.</param>
/// <param name="New">After it.</param>
internal sealed record Operation(Func<FilesAtWork, string, Task> Prepare, Func<FilesAtWork, string, Task> Act, string[] Old, string[] New)
{
    /// <summary>The next start brings it to its end, whatever was done of it.</summary>
    public bool IsEnded { get; init; }
}
