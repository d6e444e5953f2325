using System.Text;
using GeoWps.Adapters.Storage.Files;
using GeoWps.Adapters.Storage.Postgres;
using GeoWps.Application.Ports;
using GeoWps.Tests.Integration.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Integration.Files;

/// <summary>A process that changes a blob store without an end, until it is killed: <c>store-changes file FOLDER</c> or <c>store-changes postgres CONNECTION</c>; or one of those that are killed within one thing.</summary>
internal static class StoreChanges
{
    public const string Verb = "store-changes";

    public const int TreeSize = 5;

    private static readonly CancellationToken _none = CancellationToken.None;

    public static async Task<int> Main(string[] args)
    {
        if (args is [FileOperations.Verb, var form, var where, var name])
        {
            return await FileOperations.RunAsync(form, where, name);
        }

        if (args is [MigrationAtWork.Verb, var from, var fromPlace, var to, var toPlace, var signs])
        {
            return await MigrationAtWork.RunAsync(from, fromPlace, to, toPlace, int.Parse(signs, provider: null));
        }

        if (args is not [Verb, var kind, var place])
        {
            return 2;
        }

        if (kind == "file")
        {
            using var files = new FileBlobStore(place, TimeProvider.System);
            await RunAsync(files);
            return 0;
        }

        await using var database = await Databases.OpenAsync(place);
        await using var postgres = new PostgresBlobStore(database, TimeSpan.FromHours(1), NullLogger.Instance);
        await RunAsync(postgres);
        return 0;
    }

    /// <summary>What a killed process leaves: the old or the new state of each change.</summary>
    public static async Task CheckAsync(IBlobStore store)
    {
        var keys = new List<string>();
        await foreach (var info in store.ListAsync("files/", _none))
        {
            keys.Add(info.Key);
            await using var blob = (await store.OpenAsync(info.Key, 0, null, _none)).ShouldNotBeNull(info.Key);
            using var reader = new StreamReader(blob.Content);
            IsWhole(await reader.ReadToEndAsync()).ShouldBeTrue($"{info.Key} is whole");
        }

        var (here, there, copies) = (Count("files/x/"), Count("files/y/"), Count("files/copy/"));
        (here, there).ShouldBeOneOf((TreeSize, 0), (0, TreeSize));
        copies.ShouldBeOneOf(0, TreeSize);
        keys.ShouldContain("files/one");
        (keys.Contains("files/two") && keys.Contains("files/three")).ShouldBeFalse("a blob that moves is in one place");

        int Count(string prefix) => keys.Count(key => key.StartsWith(prefix, StringComparison.Ordinal));
    }

    private static async Task RunAsync(IBlobStore store)
    {
        await PutAsync(store, "files/one");
        if (await store.FindAsync("files/x/0/0", _none) is null && await store.FindAsync("files/y/0/0", _none) is null)
        {
            for (var i = 0; i < TreeSize; i++)
            {
                await PutAsync(store, $"files/aside/{i}/{i}");
            }

            await store.MoveAllAsync("files/aside/", "files/x/", _none);
        }

        await store.DeleteAsync("files/two", _none);
        await store.DeleteAsync("files/three", _none);
        Console.WriteLine("ready");
        while (true)
        {
            await PutAsync(store, "files/one");
            var (from, to) = await store.FindAsync("files/x/0/0", _none) is null ? ("files/y/", "files/x/") : ("files/x/", "files/y/");
            await store.MoveAllAsync(from, to, _none);
            await store.CopyAsync("files/one", "files/two", _none);
            await store.MoveAsync("files/two", "files/three", _none);
            await store.DeleteAsync("files/three", _none);
            await store.CopyAllAsync(to, "files/copy/", _none);
            await store.DeleteAllAsync("files/copy/", _none);
        }
    }

    private static Task PutAsync(IBlobStore store, string key)
    {
        var length = Random.Shared.Next(1, 200_000);
        return store.PutAsync(key, "text/plain", async (stream, token) => await stream.WriteAsync(Encoding.ASCII.GetBytes($"{length}:{new string('x', length)}"), token), _none);
    }

    private static bool IsWhole(string text) => text.Split(':') is [var length, var rest] && int.Parse(length, provider: null) == rest.Length;
}
