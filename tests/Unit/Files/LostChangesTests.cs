using System.Reflection;
using GeoWps.Application.Ports;

namespace GeoWps.Tests.Unit.Files;

/// <summary>The process goes away before the blobs change, or between them and the index: the next one finds the old or the new state, in both.</summary>
public sealed class LostChangesTests
{
    private static readonly (string Name, Func<FileRig, Task> Change, string[] Old, string[] New)[] _cases =
    [
        ("store", rig => rig.PutAsync("new/file", "new"), ["a", "a/b", "a/b/2", "c"], ["a", "a/b", "a/b/2", "c", "new", "new/file"]),
        ("replace", rig => rig.PutAsync("c", "replaced"), ["a", "a/b", "a/b/2", "c"], ["a", "a/b", "a/b/2", "c"]),
        ("remove", rig => rig.RemoveAsync("c"), ["a", "a/b", "a/b/2", "c"], ["a", "a/b", "a/b/2"]),
        ("remove folder", rig => rig.RemoveAsync("a", isRecursive: true), ["a", "a/b", "a/b/2", "c"], ["c"]),
        ("move", rig => rig.MoveAsync("c", "d/e"), ["a", "a/b", "a/b/2", "c"], ["a", "a/b", "a/b/2", "d", "d/e"]),
        ("move over", rig => rig.MoveAsync("c", "a/b/2", overwrite: true), ["a", "a/b", "a/b/2", "c"], ["a", "a/b", "a/b/2"]),
        ("move folder", rig => rig.MoveAsync("a", "d/a"), ["a", "a/b", "a/b/2", "c"], ["c", "d", "d/a", "d/a/b", "d/a/b/2"]),
        ("copy", rig => rig.CopyAsync("c", "d"), ["a", "a/b", "a/b/2", "c"], ["a", "a/b", "a/b/2", "c", "d"]),
        ("copy over", rig => rig.CopyAsync("c", "a/b/2", overwrite: true), ["a", "a/b", "a/b/2", "c"], ["a", "a/b", "a/b/2", "c"]),
        ("copy folder", rig => rig.CopyAsync("a", "e"), ["a", "a/b", "a/b/2", "c"], ["a", "a/b", "a/b/2", "c", "e", "e/b", "e/b/2"]),
    ];

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var (name, _, _, _) in _cases)
            {
                cases.Add(name, false);
                cases.Add(name, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task After_a_crash_index_and_blobs_agree_on_the_old_or_the_new_state(string name, bool afterBlobs)
    {
        var (_, change, old, now) = Array.Find(_cases, one => one.Name == name);
        using var rig = new FileRig();
        await rig.PutAsync("a/b/2", "two");
        await rig.PutAsync("c", "three");
        rig.Restart(blobs => Dying.Of(blobs, afterBlobs));

        // The end of the process: nothing after it runs, neither here nor in what the use case has to tidy.
        var running = change(rig);
        (await Task.WhenAny(running, ((Dying)(object)rig.Blobs).Died)).ShouldNotBe(running);
        rig.Restart();
        (await rig.Changes.SettleAsync(CancellationToken.None)).ShouldBe(1);

        (await rig.PathsAsync()).ShouldBe(afterBlobs ? now : old);
        var files = new List<string>();
        foreach (var key in await rig.KeysAsync())
        {
            files.Add(key);
            var entry = (await rig.Index.FindAsync(FileRig.Path(key), CancellationToken.None)).ShouldNotBeNull(key);
            (await rig.Blobs.FindAsync($"files/{key}", CancellationToken.None)).ShouldNotBeNull().ETag.ShouldBe(entry.ETag);
            entry.Owner.ShouldBe("li");
        }

        (await rig.PathsAsync()).Where(path => rig.Index.FindAsync(FileRig.Path(path), CancellationToken.None).Result is { IsFolder: false }).ShouldBe(files);
        (await rig.Changes.SettleAsync(CancellationToken.None)).ShouldBe(0);
        await change(rig);
        (await rig.PathsAsync()).ShouldBe(now);
    }

    /// <summary>Changes nothing, or one thing, and never answers.</summary>
    public class Dying : DispatchProxy
    {
        private static readonly string[] _changing =
            [nameof(IBlobStore.TryPutAsync), nameof(IBlobStore.DeleteAsync), nameof(IBlobStore.DeleteAllAsync), nameof(IBlobStore.CopyAsync), nameof(IBlobStore.CopyAllAsync), nameof(IBlobStore.MoveAsync), nameof(IBlobStore.MoveAllAsync)];

        private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private IBlobStore _store = null!;
        private bool _after;

        public Task Died => _died.Task;

        public static IBlobStore Of(IBlobStore store, bool after)
        {
            var proxy = Create<IBlobStore, Dying>();
            (((Dying)(object)proxy)._store, ((Dying)(object)proxy)._after) = (store, after);
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (!_changing.Contains(targetMethod!.Name))
            {
                return targetMethod.Invoke(_store, args);
            }

            // What is written calls back at its end, before anything is stored.
            if (targetMethod.Name == nameof(IBlobStore.TryPutAsync))
            {
                return PutAsync((string)args![0]!, (string)args[1]!, (Func<Stream, CancellationToken, Task>)args[2]!);
            }

            if (_after)
            {
                ((Task)targetMethod.Invoke(_store, args)!).ContinueWith(_ => _died.SetResult(), TaskScheduler.Default);
            }
            else
            {
                _died.SetResult();
            }

            return targetMethod.ReturnType == typeof(Task) ? new TaskCompletionSource().Task
                : targetMethod.ReturnType == typeof(Task<bool>) ? new TaskCompletionSource<bool>().Task
                : new TaskCompletionSource<TreeOutcome>().Task;
        }

        private async Task<BlobInfo?> PutAsync(string key, string type, Func<Stream, CancellationToken, Task> write)
        {
            if (_after)
            {
                await _store.PutAsync(key, type, write, CancellationToken.None);
            }
            else
            {
                await write(new MemoryStream(), CancellationToken.None);
            }

            _died.SetResult();
            return await new TaskCompletionSource<BlobInfo?>().Task;
        }
    }
}
