using System.CommandLine;
using GeoWps.Adapters.Shell.Records;

namespace GeoWps.Adapters.Shell;

/// <summary>Classification of records, and their use.</summary>
internal static partial class CommandTree
{
    private static Command Schemes(Terminal terminal)
    {
        var command = new Command("schemes", "List the classification schemes, or look after them (with the administrator's token)");
        var list = new Command("ls", "List them");
        foreach (var listing in new[] { command, list })
        {
            listing.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => SchemeCommands.ListAsync(api, terminal, parsed.GetValue(_json), cancellationToken)));
        }

        command.Add(list);
        var file = new Argument<string>("file") { Description = "CSV (code, label, broader) or SKOS as JSON" };
        var id = new Option<string?>("--id") { Description = "What it is called; the file's name without its ending when not given", HelpName = "ID" };
        var add = new Command("add", "Load one, in place of the one of its id") { file, id };
        add.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api =>
            SchemeCommands.AddAsync(api, terminal, parsed.GetValue(file)!, parsed.GetValue(id), parsed.GetValue(_json), cancellationToken)));
        command.Add(add);
        command.Add(OneLayer("rm", "Remove one; records keep their codes", (api, scheme, json, cancellationToken) => SchemeCommands.RemoveAsync(api, terminal, scheme, json, cancellationToken)));
        return command;
    }

    private static Command Use(Terminal terminal)
    {
        var from = new Option<string?>("--from") { Description = "The first month", HelpName = "2026-01" };
        var to = new Option<string?>("--to") { Description = "The last month", HelpName = "2026-12" };
        var by = new Option<string>("--by") { Description = "Sums by month, record, caller; with commas between for several", DefaultValueFactory = _ => "month,record" };
        var csv = new Option<bool>("--csv") { Description = "As CSV" };
        var command = new Command("use", "Show how often records were opened, downloaded, searched and shown (with the administrator's token)") { from, to, by, csv };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => ShowUse.ExecuteAsync(
            api, terminal, parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(by)!, parsed.GetValue(csv), parsed.GetValue(_json), cancellationToken)));
        return command;
    }
}
