using System.CommandLine;
using GeoWps.Adapters.Shell.Files;

namespace GeoWps.Adapters.Shell;

/// <summary>Files on their way to the server.</summary>
internal static partial class CommandTree
{
    private static Command PutFile(Terminal terminal)
    {
        var file = new Argument<string>("file") { Description = "A local file" };
        var path = new Argument<string>("path") { Description = "Where it goes; in FOLDER/, or when not given, under its own name", DefaultValueFactory = _ => "" };
        var create = new Option<bool>("--new") { Description = "Only when there is none of that name" };
        var checksum = new Option<bool>("--checksum") { Description = "Have every part and the whole checked by SHA-256" };
        var command = new Command("put", "Upload a file; what was interrupted goes on with the same command") { file, path, create, checksum };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => Shell.Files.PutFile.ExecuteAsync(
            api,
            terminal,
            new PutWish(parsed.GetValue(file)!, parsed.GetValue(path)!, parsed.GetValue(checksum), !parsed.GetValue(create), parsed.GetValue(_json)),
            cancellationToken)));
        return command;
    }

    private static Command Uploads(Terminal terminal)
    {
        var command = new Command("uploads", "List uploads that are under way, or remove one");
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => UploadCommands.ListAsync(api, terminal, parsed.GetValue(_json), cancellationToken)));
        var list = new Command("ls", "List them, the newest first");
        list.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => UploadCommands.ListAsync(api, terminal, parsed.GetValue(_json), cancellationToken)));
        command.Add(list);
        command.Add(OneLayer("rm", "Remove an upload with what has come of it", (api, id, json, cancellationToken) => UploadCommands.RemoveAsync(api, terminal, id, json, cancellationToken)));
        return command;
    }
}
