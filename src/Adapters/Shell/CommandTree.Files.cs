using System.CommandLine;
using GeoWps.Adapters.Shell.Files;

namespace GeoWps.Adapters.Shell;

/// <summary>Files of the server.</summary>
internal static partial class CommandTree
{
    private static Command Files(Terminal terminal) => new("files", "List the files of the server, fetch, store, remove and move them")
    {
        ListFiles(terminal),
        GetFileCommand(terminal),
        PutFile(terminal),
        RemoveFile(terminal),
        Relocate(terminal, "mv", "Move a file or a folder; to FOLDER/ it keeps its name", isCopy: false),
        Relocate(terminal, "cp", "Copy a file or a folder; to FOLDER/ it keeps its name", isCopy: true),
        Save(terminal),
        Share(terminal),
        Info(terminal),

        // Spelt here for its help only: what is done while no server runs, the host does.
        new Command("migrate", "Copy all content into the other store, while no server runs: --from File --to Postgres, and the server's settings"),
    };

    private static Command ListFiles(Terminal terminal)
    {
        var path = new Argument<string>("path") { Description = "A folder; all when not given", DefaultValueFactory = _ => "" };
        var recursive = new Option<bool>("--recursive", "-r") { Description = "With all that is below it" };
        var sort = new Option<string?>("--sort") { Description = "name, modified, size or type; with - before it the other way round", HelpName = "ORDER" };
        var command = new Command("ls", "List a folder") { path, recursive, sort };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => FileCommands.ListAsync(
            api, terminal, parsed.GetValue(path)!, parsed.GetValue(recursive), parsed.GetValue(sort), parsed.GetValue(_json), cancellationToken)));
        return command;
    }

    private static Command GetFileCommand(Terminal terminal)
    {
        var path = new Argument<string>("path");
        var file = new Argument<string?>("file") { Description = "Where it goes; a folder, or its own name here when not given", DefaultValueFactory = _ => null };
        var command = new Command("get", "Fetch a file; again, it goes on where it was broken off") { path, file };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api =>
            GetFile.ExecuteAsync(api, terminal, parsed.GetValue(path)!, parsed.GetValue(file), parsed.GetValue(_json), cancellationToken)));
        return command;
    }

    private static Command RemoveFile(Terminal terminal)
    {
        var path = new Argument<string>("path");
        var recursive = new Option<bool>("--recursive", "-r") { Description = "A folder with all that is in it" };
        var command = new Command("rm", "Remove a file or a folder") { path, recursive };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api =>
            FileCommands.RemoveAsync(api, terminal, parsed.GetValue(path)!, parsed.GetValue(recursive), parsed.GetValue(_json), cancellationToken)));
        return command;
    }

    private static Command Relocate(Terminal terminal, string name, string description, bool isCopy)
    {
        var (from, to) = (new Argument<string>("from"), new Argument<string>("to"));
        var overwrite = new Option<bool>("--overwrite") { Description = "A file that is there is replaced" };
        var command = new Command(name, description) { from, to, overwrite };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => FileCommands.RelocateAsync(
            api, terminal, parsed.GetValue(from)!, parsed.GetValue(to)!, isCopy, parsed.GetValue(overwrite), parsed.GetValue(_json), cancellationToken)));
        return command;
    }

    private static Command Save(Terminal terminal)
    {
        var result = new Argument<string>("result") { Description = "JOB:OUTPUT" };
        var path = new Argument<string>("path") { Description = "What it will be; in FOLDER/ it has its own name" };
        var overwrite = new Option<bool>("--overwrite") { Description = "A file that is there is replaced" };
        var command = new Command("save", "Keep a job's result as a file") { result, path, overwrite };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => FileCommands.SaveAsync(
            api, terminal, parsed.GetValue(result)!, parsed.GetValue(path)!, parsed.GetValue(overwrite), parsed.GetValue(_json), cancellationToken)));
        return command;
    }

    private static Command Share(Terminal terminal)
    {
        var path = new Argument<string>("path");
        var isPrivate = new Option<bool>("--private") { Description = "Its owner's only, again" };
        var command = new Command("share", "Let everybody read a file, or a folder and all that is below it") { path, isPrivate };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api =>
            FileCommands.ShareAsync(api, terminal, parsed.GetValue(path)!, !parsed.GetValue(isPrivate), parsed.GetValue(_json), cancellationToken)));
        return command;
    }

    private static Command Info(Terminal terminal)
    {
        var path = new Argument<string>("path");
        var command = new Command("info", "Show what a file holds: layers, fields, bands, extent") { path };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => FileCommands.InfoAsync(api, terminal, parsed.GetValue(path)!, parsed.GetValue(_json), cancellationToken)));
        return command;
    }
}
