using System.CommandLine;
using GeoWps.Adapters.Shell.Tokens;

namespace GeoWps.Adapters.Shell;

/// <summary><c>geowps tokens …</c></summary>
internal static partial class CommandTree
{
    private static Command Tokens(Terminal terminal)
    {
        var command = new Command("tokens", "List the tokens of those who may do more than anybody, or look after them (with the administrator's token)");
        var list = new Command("list", "List them: whose, what they may, until when, last used");
        foreach (var listing in new[] { command, list })
        {
            listing.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api =>
                TokenCommands.ListAsync(api, terminal, parsed.GetValue(_json), cancellationToken)));
        }

        command.Add(list);
        command.Add(AddToken(terminal));
        var name = new Argument<string>("name");
        var revoke = new Command("revoke", "Revoke one: it is refused within seconds") { name };
        revoke.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api =>
            TokenCommands.RevokeAsync(api, terminal, parsed.GetValue(name)!, parsed.GetValue(_json), cancellationToken)));
        command.Add(revoke);
        return command;
    }

    private static Command AddToken(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "Whose it is; jobs and files that are made with it are this name's" };
        var may = new Option<string[]>("--may")
        {
            Description = "What it is for: run (processes), files, publish (layers), admin (everything); with commas between, or again for several",
            HelpName = "run,files,publish,admin",
            Required = true,
            Arity = ArgumentArity.OneOrMore,
        };
        var expires = new Option<string?>("--expires") { Description = "After how long, such as 12h or 90d, or at a date-time; never when left out", HelpName = "TIME" };
        var command = new Command("add", "Make one, and show it this once") { name, may, expires };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => TokenCommands.AddAsync(
            api, terminal, parsed.GetValue(name)!, parsed.GetValue(may)!, parsed.GetValue(expires), parsed.GetValue(_json), cancellationToken)));
        return command;
    }
}
