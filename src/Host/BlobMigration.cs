using System.Globalization;
using GeoWps.Adapters.Storage;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Roles;
using GeoWps.Settings;

namespace GeoWps;

/// <summary>
/// <c>geowps files migrate --from File --to Postgres</c>: copies all content, and whose the files are, into the other store while no server runs; the settings follow, as for a server
/// with PostgreSQL.
/// </summary>
internal static class BlobMigration
{
    private const int Wrong = 1;
    private const int CannotStart = 2;

    public static bool IsAskedFor(string[] args) => args is ["files", "migrate", ..];

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var (from, to, settings) = Read(args[2..]);
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = [], ApplicationName = "GeoWps" });
            SettingsSources.Add(builder.Configuration, settings);
            MonolithRole.Add(builder);
            await using var app = builder.Build();
            var stores = await StorageModule.OpenForMigrationAsync(app.Services, from, to);
            using var cancel = new CancellationTokenSource();
            Console.CancelKeyPress += (_, pressed) =>
            {
                pressed.Cancel = true;
                cancel.Cancel();
            };
            try
            {
                var outcome = await CopyAsync(stores.From, stores.To, cancel.Token);
                if (outcome == 0 && stores.FromIndex is { } index)
                {
                    Console.WriteLine($"{await MigrateBlobs.CopyIndexAsync(index, stores.ToIndex, cancel.Token)} files and folders have their owners there.");
                }

                return outcome;
            }
            finally
            {
                await ((stores.From as IAsyncDisposable)?.DisposeAsync() ?? default);
                await ((stores.To as IAsyncDisposable)?.DisposeAsync() ?? default);
            }
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("geowps: broken off; the same command goes on from here");
            return Wrong;
        }
        catch (Exception error) when (StartFailure.Explain(error) is { } lines)
        {
            foreach (var line in lines)
            {
                await Console.Error.WriteLineAsync($"geowps: {line}");
            }

            return CannotStart;
        }
        catch (ArgumentException mistake)
        {
            await Console.Error.WriteLineAsync($"geowps: {mistake.Message}");
            return CannotStart;
        }
    }

    private static async Task<int> CopyAsync(IBlobStore from, IBlobStore to, CancellationToken cancellationToken)
    {
        var isPerson = !Console.IsErrorRedirected;
        var result = await new MigrateBlobs(from, to).ExecuteAsync(progress => Tell(progress, isPerson), cancellationToken);
        if (isPerson)
        {
            await Console.Error.WriteLineAsync();
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{result.Blobs} contents, {result.Bytes} bytes: {result.Copied} copied, {result.Blobs - result.Copied} were there; {result.Blobs - result.Wrong.Count} checksums are the same."));
        foreach (var key in result.Wrong)
        {
            await Console.Error.WriteLineAsync($"geowps: {key} is not the same in the other store; run it again");
        }

        return result.Wrong.Count == 0 ? 0 : Wrong;
    }

    private static void Tell(MigrationProgress progress, bool isPerson)
    {
        if (isPerson)
        {
            var share = progress.All == 0 ? 1 : (double)progress.Done / progress.All;
            var bar = new string('#', (int)(share * 40)).PadRight(40, '.');
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{(progress.IsVerifying ? "comparing" : "copying  ")} [{bar}] {share,4:P0} {progress.Done / 1048576.0:0.0} of {progress.All / 1048576.0:0.0} MiB"));
        }
    }

    private static (BlobProvider From, BlobProvider To, string[] Settings) Read(string[] args)
    {
        BlobProvider? from = null, to = null;
        var settings = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "--from" or "--to" && i + 1 < args.Length)
            {
                if (!Enum.TryParse<BlobProvider>(args[i + 1], ignoreCase: true, out var provider) || provider == BlobProvider.Memory)
                {
                    throw new ArgumentException($"{args[i]}: '{args[i + 1]}' is not allowed; File or Postgres");
                }

                if (args[i++] == "--from")
                {
                    from = provider;
                }
                else
                {
                    to = provider;
                }
            }
            else
            {
                settings.Add(args[i]);
            }
        }

        return from is null || to is null || from == to
            ? throw new ArgumentException("files migrate needs --from and --to: File and Postgres, or the other way round")
            : (from.Value, to.Value, [.. settings]);
    }
}
