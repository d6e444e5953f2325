using System.CommandLine;
using GeoWps.Adapters.Shell.Harvesting;

namespace GeoWps.Adapters.Shell;

/// <summary>Sources of records.</summary>
internal static partial class CommandTree
{
    private static Command Sources(Terminal terminal)
    {
        var command = new Command("sources", "List the sources that records are harvested from, or look after them (with the administrator's token)") { AddSource(terminal) };
        var list = new Command("ls", "List them");
        foreach (var each in new[] { command, list })
        {
            each.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => SourceCommands.ListAsync(api, terminal, parsed.GetValue(_json), cancellationToken)));
        }

        command.Add(list);
        command.Add(OneLayer("rm", "Remove one with its records", (api, id, json, cancellationToken) => SourceCommands.RemoveAsync(api, terminal, id, json, cancellationToken)));
        command.Add(OneLayer("show", "Show one with its settings and its last run", (api, id, json, cancellationToken) => SourceCommands.ShowAsync(api, terminal, id, json, cancellationToken)));
        command.Add(RunSource(terminal));
        return command;
    }

    private static Command RunSource(Terminal terminal)
    {
        var maxRemoved = new Option<double?>("--max-removed") { Description = "Share (0 to 1) of its records that this run may remove; 1 when it is meant that they are gone", HelpName = "SHARE" };
        var command = Run("Harvest one now", (api, id, wait, json, parsed, cancellationToken) => SourceCommands.RunAsync(api, terminal, id, parsed.GetValue(maxRemoved), wait, json, cancellationToken));
        command.Add(maxRemoved);
        return command;
    }

    private static Command AddSource(Terminal terminal)
    {
        var id = new Argument<string>("id") { Description = "What it is called; the part before the colon in the ids of its records" };
        var kind = new Argument<string>("kind") { Description = "ogc, list, folder, sftp, ftp, postgresql or database" };
        var when = new Option<string?>("--when") { Description = "Minute, hour, day, month, weekday in UTC, such as '0 3 * * *'; only by run when not given", HelpName = "'M H D M W'" };
        var settings = new Option<string?>("--settings") { Description = "A file with the settings of its kind as JSON (docs/harvesting.md); the place for credentials", HelpName = "FILE" };
        var set = new Option<string[]>("--set") { Description = "One setting; again for several", HelpName = "NAME=VALUE" };
        var replace = new Option<bool>("--replace") { Description = "Put it in place of the one of this name" };
        var maxRemoved = new Option<double?>("--max-removed") { Description = "Share (0 to 1) of its records that a run may remove; with more of them gone it fails and changes nothing", HelpName = "SHARE" };
        var command = new Command("add", "Harvest a source") { id, kind, when, settings, set, maxRemoved, replace };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => SourceCommands.AddAsync(
            api,
            terminal,
            parsed.GetValue(id)!,
            parsed.GetValue(kind)!,
            parsed.GetValue(when),
            parsed.GetValue(settings),
            parsed.GetValue(set) ?? [],
            parsed.GetValue(maxRemoved),
            parsed.GetValue(replace),
            parsed.GetValue(_json),
            cancellationToken)));
        return command;
    }
}
