using System.CommandLine;
using GeoWps.Adapters.Shell.Tiles;

namespace GeoWps.Adapters.Shell;

/// <summary>Seedings by the clock.</summary>
internal static partial class CommandTree
{
    private static Command Schedules(Terminal terminal)
    {
        var command = new Command("schedules", "List the seedings by the clock, or look after them (with the administrator's token)") { AddSchedule(terminal) };
        var list = new Command("list", "List them");
        foreach (var each in new[] { command, list })
        {
            each.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => ScheduleCommands.ListAsync(api, terminal, parsed.GetValue(_json), cancellationToken)));
        }

        command.Add(list);
        command.Add(OneLayer("rm", "Remove one; a job that it has started goes on", (api, id, json, cancellationToken) => ScheduleCommands.RemoveAsync(api, terminal, id, json, cancellationToken)));
        command.Add(Run("Run one now", (api, id, wait, json, _, cancellationToken) => ScheduleCommands.RunAsync(api, terminal, id, wait, json, cancellationToken)));
        return command;
    }

    private static Command AddSchedule(Terminal terminal)
    {
        var id = new Argument<string>("id") { Description = "What it is called" };
        var when = new Argument<string>("when") { Description = "Minute, hour, day, month, weekday in UTC, such as '0 3 * * *'", HelpName = "'M H D M W'" };
        var operation = new Option<string>("--operation") { Description = "seed, reseed or truncate", DefaultValueFactory = _ => "seed" };
        var threads = new Option<int?>("--threads") { Description = "Metatiles at once, at most" };
        var rate = new Option<double?>("--rate") { Description = "Tiles a second, at most" };
        var replace = new Option<bool>("--replace") { Description = "Put it in place of the one of this name" };
        var choice = new TileChoice();
        var command = new Command("add", "Seed a layer by the clock") { id, when };
        choice.AddTo(command);
        foreach (var option in new Option[] { operation, threads, rate, replace })
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => ScheduleCommands.AddAsync(
            api,
            terminal,
            parsed.GetValue(id)!,
            parsed.GetValue(when)!,
            choice.Of(parsed, parsed.GetValue(operation)!) with { Threads = parsed.GetValue(threads), Rate = parsed.GetValue(rate), Json = parsed.GetValue(_json) },
            parsed.GetValue(replace),
            cancellationToken)));
        return command;
    }

    /// <summary>Starts what else the clock starts.</summary>
    private static Command Run(string description, Func<ApiClient, string, bool, bool, ParseResult, CancellationToken, Task<int>> run)
    {
        var id = new Argument<string>("id");
        var detach = new Option<bool>("--detach") { Description = "Only start it and print the job's id" };
        var command = new Command("run", description) { id, detach };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => run(api, parsed.GetValue(id)!, !parsed.GetValue(detach), parsed.GetValue(_json), parsed, cancellationToken)));
        return command;
    }

    /// <summary>The layer and which of its tiles.</summary>
    private sealed class TileChoice
    {
        private readonly Argument<string> _layer = new("layer") { Description = "Id of a layer" };
        private readonly Option<string[]> _sets = new("--set") { Description = "Tile matrix set; again for several; all when left out", HelpName = "ID" };
        private readonly Option<string[]> _formats = new("--format") { Description = "mvt, png, jpeg or webp; again for several", HelpName = "FORMAT" };
        private readonly Option<string?> _zoom = new("--zoom") { Description = "One, or first and last", HelpName = "0-8" };
        private readonly Option<string?> _box = new("--bbox") { Description = "Longitude and latitude", HelpName = "WEST,SOUTH,EAST,NORTH" };
        private readonly Option<string?> _polygon = new("--polygon") { Description = "A file of GeoJSON", HelpName = "FILE" };
        private readonly Option<string?> _tiles = new("--tiles") { Description = "A file of tiles, a line each: z/x/y, or z/x/y-x2/y2", HelpName = "FILE" };

        public void AddTo(Command command)
        {
            command.Add(_layer);
            foreach (var option in new Option[] { _sets, _formats, _zoom, _box, _polygon, _tiles })
            {
                command.Add(option);
            }
        }

        public SeedWish Of(ParseResult parsed, string operation) => new(
            operation,
            parsed.GetValue(_layer)!,
            parsed.GetValue(_sets) ?? [],
            parsed.GetValue(_formats) ?? [],
            parsed.GetValue(_zoom),
            parsed.GetValue(_box),
            parsed.GetValue(_polygon),
            parsed.GetValue(_tiles),
            Threads: null,
            Rate: null,
            Wait: false,
            parsed.GetValue(_json));
    }
}
