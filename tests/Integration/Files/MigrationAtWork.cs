using System.Text;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Integration.Files;

/// <summary>A process that copies all files into the other store, and is killed after so many signs of progress: <c>migration FROM PLACE TO PLACE SIGNS</c>.</summary>
internal static class MigrationAtWork
{
    public const string Verb = "migration";

    public const int Files = 40;

    /// <summary>Larger than what PostgreSQL has in one row.</summary>
    public const int Large = 7;

    public static async Task<int> RunAsync(string from, string fromPlace, string to, string toPlace, int signs)
    {
        await using var source = await FilesAtWork.OpenAsync(from, fromPlace);
        await using var target = await FilesAtWork.OpenAsync(to, toPlace);
        await new MigrateBlobs(source.Blobs, target.Blobs).ExecuteAsync(_ => Sign(), CancellationToken.None);
        var copying = MigrateBlobs.CopyIndexAsync(source.Index, target.Index, CancellationToken.None);
        Sign();
        await copying;
        return 0;

        // It goes on while the killer waits for a moment: within copying, comparing, or the rows.
        void Sign()
        {
            if (--signs == 0)
            {
                new Thread(() =>
                {
                    Thread.SpinWait(Random.Shared.Next(200_000));
                    using var self = System.Diagnostics.Process.GetCurrentProcess();
                    self.Kill();
                }).Start();
            }
        }
    }

    public static async Task FillAsync(FilesAtWork work)
    {
        for (var i = 0; i < Files; i++)
        {
            var content = Encoding.UTF8.GetBytes($"{i}:{new string('x', i % Large == 0 ? 1_500_000 : 1_000 * i)}");
            await work.Store.ExecuteAsync(new StoreCall(FilesAtWork.PathOf($"地图/{i % 3}/{i}.txt"), FilesAtWork.Li, new MemoryStream(content), null, BlobCondition.Any), CancellationToken.None);
        }

        await work.Library.ShareAsync(FilesAtWork.PathOf("地图/1"), isPublic: true, FilesAtWork.Li, CancellationToken.None);
        await work.Blobs.PutAsync("jobs/1/out", "x/y", (stream, token) => stream.WriteAsync("result"u8.ToArray(), token).AsTask(), CancellationToken.None);
    }
}
