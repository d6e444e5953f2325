using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using GeoWps.Adapters.Shell.Jobs;
using GeoWps.Adapters.Shell.Layers;
using GeoWps.Adapters.Shell.Nodes;
using GeoWps.Adapters.Shell.Processes;
using GeoWps.Adapters.Shell.Requests;
using GeoWps.Adapters.Shell.Tiles;

namespace GeoWps.Adapters.Shell;

/// <summary>Every verb with its arguments and options: the only file that knows how a command is spelt.</summary>
internal static partial class CommandTree
{
    private const string DefaultServer = "http://127.0.0.1:8080";

    private static readonly Option<string?> _server = new("--server") { Description = $"Address of the server (GEOWPS_SERVER; default {DefaultServer})", HelpName = "URL", Recursive = true };
    private static readonly Option<string?> _token = new("--token") { Description = "Bearer token, where one is needed (GEOWPS_TOKEN)", Recursive = true };
    private static readonly Option<bool> _json = new("--json") { Description = "Answer with JSON, for scripts", Recursive = true };

    public static Command Create(Terminal terminal) => new("geowps", "The command line client of GeoWps")
    {
        _server,
        _token,
        _json,
        new HelpOption(),
        Processes(terminal),
        Describe(terminal),
        Run(terminal),
        JobList(terminal),
        OneJob(terminal),
        Dismiss(terminal),
        Layers(terminal),
        Seed(terminal),
        Truncate(terminal),
        Cache(terminal),
        Schedules(terminal),
        Sources(terminal),
        Files(terminal),
        Search(terminal),
        Uploads(terminal),
        Schemes(terminal),
        Use(terminal),
        Nodes(terminal),
        Tokens(terminal),
    };

    private static Command Processes(Terminal terminal)
    {
        var words = new Argument<string[]>("words") { Description = "Only those whose id, title or keywords hold all of these", Arity = ArgumentArity.ZeroOrMore };
        var limit = new Option<int?>("--limit") { Description = "At most so many" };
        var command = new Command("processes", "List the processes") { words, limit };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api =>
            ListProcesses.ExecuteAsync(api, terminal, parsed.GetValue(words)!, parsed.GetValue(limit), parsed.GetValue(_json), cancellationToken)));
        return command;
    }

    private static Command Describe(Terminal terminal)
    {
        var id = new Argument<string>("id") { Description = "Id of a process, such as native:buffer" };
        var command = new Command("describe", "Show a process with its inputs and outputs") { id };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api =>
            DescribeProcess.ExecuteAsync(api, terminal, parsed.GetValue(id)!, parsed.GetValue(_json), cancellationToken)));
        return command;
    }

    private static Command Run(Terminal terminal)
    {
        var id = new Argument<string>("id") { Description = "Id of a process, such as native:buffer" };
        var more = new Argument<string[]>("NAME=VALUE") { Description = "More inputs", Arity = ArgumentArity.ZeroOrMore };
        var input = new Option<string[]>("--input", "-i")
        {
            Description = "An input: a value, a local file (@FILE where it could be a text), or an address; again for several values",
            HelpName = "NAME=VALUE",
        };
        var output = new Option<string[]>("--output") { Description = "Ask for this output only; again for several", HelpName = "NAME" };
        var file = new Option<string[]>("--out", "-o") { Description = "Save an output: its extension chooses the format; - is standard output, FOLDER/ saves all", HelpName = "[NAME=]FILE" };
        var format = new Option<string[]>("--format") { Description = "Media type or extension of an output", HelpName = "NAME=TYPE" };
        var noWait = new Option<bool>("--no-wait", "--async") { Description = "Only start it and print the job's id" };
        var command = new Command("run", "Run a process, follow it and save its results") { id, more, input, output, file, format, noWait };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => RunProcess.ExecuteAsync(
            api,
            terminal,
            new RunWish(
                parsed.GetValue(id)!,
                [.. parsed.GetValue(input) ?? [], .. parsed.GetValue(more) ?? []],
                parsed.GetValue(output) ?? [],
                parsed.GetValue(file) ?? [],
                parsed.GetValue(format) ?? [],
                !parsed.GetValue(noWait),
                parsed.GetValue(_json)),
            cancellationToken)));
        return command;
    }

    private static Command JobList(Terminal terminal)
    {
        var status = new Option<string?>("--status") { Description = "Only accepted, running, successful, failed or dismissed ones" };
        var process = new Option<string?>("--process") { Description = "Only those of this process", HelpName = "ID" };
        var limit = new Option<int>("--limit") { Description = "At most so many", DefaultValueFactory = _ => 20 };
        var command = new Command("jobs", "List jobs, the newest first") { status, process, limit };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => ListJobs.ExecuteAsync(
            api, terminal, parsed.GetValue(status), parsed.GetValue(process), parsed.GetValue(limit), parsed.GetValue(_json), cancellationToken)));
        return command;
    }

    private static Command OneJob(Terminal terminal)
    {
        var id = new Argument<string>("id");
        var log = new Option<bool>("--log") { Description = "Show what it said, too" };
        var command = new Command("job", "Show a job") { id, log };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api =>
            ShowJob.ExecuteAsync(api, terminal, parsed.GetValue(id)!, parsed.GetValue(log), parsed.GetValue(_json), cancellationToken)));
        return command;
    }

    private static Command Dismiss(Terminal terminal)
    {
        var id = new Argument<string>("id");
        var command = new Command("dismiss", "Stop a job, or remove one that has ended") { id };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api =>
            DismissJob.ExecuteAsync(api, terminal, parsed.GetValue(id)!, parsed.GetValue(_json), cancellationToken)));
        return command;
    }

    private static Command Layers(Terminal terminal)
    {
        var limit = new Option<int>("--limit") { Description = "At most so many", DefaultValueFactory = _ => 1000 };
        var command = new Command("layers", "List the published layers, or look after them (with the administrator's token)") { limit, AddLayer(terminal), ExportLayer(terminal) };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api =>
            ListLayers.ExecuteAsync(api, terminal, parsed.GetValue(limit), parsed.GetValue(_json), cancellationToken)));
        command.Add(OneLayer("show", "Show a layer as JSON", (api, id, _, cancellationToken) => LayerCommands.ShowAsync(api, terminal, id, cancellationToken)));
        command.Add(OneLayer("rm", "Remove a layer with its data and tiles", (api, id, json, cancellationToken) => LayerCommands.RemoveAsync(api, terminal, id, json, cancellationToken)));
        command.Add(OneLayer("pin", "Keep a published result when its job's results are removed", (api, id, json, cancellationToken) => LayerCommands.PinAsync(api, terminal, id, json, cancellationToken)));
        return command;
    }

    private static Command AddLayer(Terminal terminal)
    {
        var source = new Argument<string>("source") { Description = "A local file, an address, or a result of a job as JOB:OUTPUT", HelpName = "FILE|URL|JOB:OUTPUT" };
        var id = new Option<string?>("--id") { Description = "The layer's id; made of its title when not given" };
        var title = new Option<string?>("--title") { Description = "What people call it" };
        var description = new Option<string?>("--description");
        var attribution = new Option<string?>("--attribution") { Description = "Whom the data are from" };
        var attributes = new Option<string?>("--attributes") { Description = "The fields that tiles carry, with commas between; all when not given", HelpName = "A,B" };
        var search = new Option<string?>("--search") { Description = "The fields whose values the layer is found by, with commas between", HelpName = "A,B" };
        var table = new Option<string?>("--table") { Description = "Of a file with several tables: which" };
        var minZoom = new Option<int?>("--min-zoom");
        var maxZoom = new Option<int?>("--max-zoom");
        var style = new Option<string?>("--style") { Description = "A MapLibre style (.json) or a QGIS style (.qml)", HelpName = "FILE" };
        var replace = new Option<bool>("--replace") { Description = "Put the data in the place of those of the layer --id, whose settings stay" };
        var server = new Option<bool>("--server-file") { Description = "The file is one of the server's, below a folder of Layers:Folders" };
        var upstream = new Option<bool>("--upstream") { Description = "The address is that of another server's tiles: its WMTS, a TileJSON, a tile map of TMS, or a template with {z}, {x} and {y}" };
        var layer = new Option<string?>("--layer") { Description = "Of another server that has several: which", HelpName = "NAME" };
        var postGis = new Option<string?>("--postgis") { Description = "Not a file but a table, or a query in brackets, of this connection of the server's settings", HelpName = "CONNECTION" };
        var command = new Command("add", "Publish a layer, or renew its data") { source, id, title, description, attribution, attributes, search, table, minZoom, maxZoom, style, replace, server, upstream, layer, postGis };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => Shell.Layers.AddLayer.ExecuteAsync(
            api,
            terminal,
            new LayerOrder(parsed.GetValue(source)!)
            {
                Id = parsed.GetValue(id),
                Title = parsed.GetValue(title),
                Description = parsed.GetValue(description),
                Attribution = parsed.GetValue(attribution),
                Attributes = parsed.GetValue(attributes),
                SearchFields = parsed.GetValue(search),
                Table = parsed.GetValue(table),
                MinZoom = parsed.GetValue(minZoom),
                MaxZoom = parsed.GetValue(maxZoom),
                Style = parsed.GetValue(style),
                Replace = parsed.GetValue(replace),
                IsServerFile = parsed.GetValue(server),
                IsUpstream = parsed.GetValue(upstream),
                UpstreamLayer = parsed.GetValue(layer),
                PostGis = parsed.GetValue(postGis),
            },
            parsed.GetValue(_json),
            cancellationToken)));
        return command;
    }

    private static Command ExportLayer(Terminal terminal)
    {
        var layer = new Argument<string>("id") { Description = "Id of a layer" };
        var file = new Argument<string>("file") { Description = "Where its tiles go", HelpName = "FILE.mbtiles|FILE.pmtiles" };
        var format = new Option<string?>("--format") { Description = "mvt, png, jpeg or webp; the layer's own when left out", HelpName = "FORMAT" };
        var zoom = new Option<string?>("--zoom") { Description = "One, or first and last; all of the layer's when left out", HelpName = "0-8" };
        var box = new Option<string?>("--bbox") { Description = "Longitude and latitude", HelpName = "WEST,SOUTH,EAST,NORTH" };
        var polygon = new Option<string?>("--polygon") { Description = "A file of GeoJSON", HelpName = "FILE" };
        var command = new Command("export", "Save the tiles of a layer as one file") { layer, file, format, zoom, box, polygon };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => Shell.Layers.ExportLayer.ExecuteAsync(
            api,
            terminal,
            new ExportWish(
                parsed.GetValue(layer)!, parsed.GetValue(file)!, parsed.GetValue(format), parsed.GetValue(zoom), parsed.GetValue(box), parsed.GetValue(polygon), parsed.GetValue(_json)),
            cancellationToken)));
        return command;
    }

    private static Command Seed(Terminal terminal)
    {
        var reseed = new Option<bool>("--reseed") { Description = "Make also anew what is there" };
        var threads = new Option<int?>("--threads") { Description = "Metatiles at once, at most" };
        var rate = new Option<double?>("--rate") { Description = "Tiles a second, at most" };
        return Tiles(terminal, "seed", "Make the tiles of a layer beforehand", [reseed, threads, rate], (parsed, wish) => wish with
        {
            Operation = parsed.GetValue(reseed) ? "reseed" : "seed",
            Threads = parsed.GetValue(threads),
            Rate = parsed.GetValue(rate),
        });
    }

    private static Command Truncate(Terminal terminal) => Tiles(terminal, "truncate", "Remove tiles of a layer from the cache", [], (_, wish) => wish);

    private static Command Tiles(Terminal terminal, string verb, string description, IReadOnlyList<Option> more, Func<ParseResult, SeedWish, SeedWish> complete)
    {
        var choice = new TileChoice();
        var detach = new Option<bool>("--detach") { Description = "Only start it and print the job's id" };
        var command = new Command(verb, description);
        choice.AddTo(command);
        foreach (var option in more.Append(detach))
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => SeedLayer.ExecuteAsync(
            api, terminal, complete(parsed, choice.Of(parsed, verb) with { Wait = !parsed.GetValue(detach) }), cancellationToken)));
        return command;
    }

    private static Command OneLayer(string verb, string description, Func<ApiClient, string, bool, CancellationToken, Task<int>> action)
    {
        var id = new Argument<string>("id");
        var command = new Command(verb, description) { id };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => action(api, parsed.GetValue(id)!, parsed.GetValue(_json), cancellationToken)));
        return command;
    }

    private static Command Cache(Terminal terminal)
    {
        var layer = new Argument<string?>("layer") { Description = "Id of a layer; all when left out", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("cache", "Show what tiles take") { layer };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api =>
            ShowCache.ExecuteAsync(api, terminal, parsed.GetValue(layer), parsed.GetValue(_json), cancellationToken)));
        return command;
    }

    private static Command Nodes(Terminal terminal)
    {
        var watch = new Option<bool>("--watch") { Description = "Show it again every two seconds" };
        var command = new Command("nodes", "Show the nodes behind a gateway, and what they are asked for (with the administrator's token)") { watch };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api =>
            ListNodes.ExecuteAsync(api, terminal, parsed.GetValue(watch), parsed.GetValue(_json), cancellationToken)));
        return command;
    }

    private static async Task<int> WithServerAsync(ParseResult parsed, Func<ApiClient, Task<int>> command)
    {
        var address = parsed.GetValue(_server) ?? NotEmpty("GEOWPS_SERVER") ?? DefaultServer;
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
        {
            throw CommandException.Usage($"--server: {address} is no http or https address");
        }

        using var api = new ApiClient(server, parsed.GetValue(_token) ?? NotEmpty("GEOWPS_TOKEN"));
        return await command(api);
    }

    private static string? NotEmpty(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
