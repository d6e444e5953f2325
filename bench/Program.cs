using GeoWps.Bench;
using GeoWps.Bench.Cache;
using GeoWps.Bench.Catalogue;
using GeoWps.Bench.Cluster;
using GeoWps.Bench.Execute;
using GeoWps.Bench.Files;
using GeoWps.Bench.Search;
using GeoWps.Bench.Tiles;

if (args is [ClusterBench.BareProxy, var urls, var target])
{
    return await ClusterBench.RunBareAsync(urls, target);
}

// `--data FILE` names larger data than the samples, for the benches that can use them.
var given = Array.IndexOf(args, "--data");
var data = given >= 0 && given + 1 < args.Length ? Path.GetFullPath(args[given + 1]) : null;
args = given >= 0 ? [.. args[..given], .. args[Math.Min(given + 2, args.Length)..]] : args;

var benches = new Dictionary<string, Func<Task<IReadOnlyList<Figure>>>>
{
    ["execute"] = ExecuteBench.RunAsync,
    ["catalogue"] = CatalogueBench.RunAsync,
    ["cache"] = CacheBench.RunAsync,
    ["encode"] = () => EncodeBench.RunAsync(data),
    ["tiles"] = ServingBench.RunAsync,
    ["files"] = FilesBench.RunAsync,
    ["cluster"] = ClusterBench.RunAsync,
    ["search"] = SearchBench.RunAsync,
    ["harvest"] = HarvestBench.RunAsync,
};

var names = args.Length == 0 ? [.. benches.Keys] : args;
if (Array.Find(names, name => !benches.ContainsKey(name)) is { } unknown)
{
    await Console.Error.WriteLineAsync($"There is no bench {unknown}; there are: {string.Join(", ", benches.Keys)}");
    return 2;
}

var missed = false;
foreach (var name in names)
{
    var figures = await benches[name]();
    await Report.WriteAsync(name, figures);
    missed |= figures.Any(figure => figure.Met == false);
}

return missed ? 1 : 0;
