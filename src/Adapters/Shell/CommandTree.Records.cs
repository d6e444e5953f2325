using System.CommandLine;
using GeoWps.Adapters.Shell.Records;

namespace GeoWps.Adapters.Shell;

/// <summary>The catalogue of records.</summary>
internal static partial class CommandTree
{
    private static Command Search(Terminal terminal)
    {
        var words = new Argument<string[]>("words") { Description = "Words, all of which have to be there; \"in quotation marks\" as they stand; a comma between alternatives", Arity = ArgumentArity.ZeroOrMore };
        var box = new Option<string?>("--bbox") { Description = "Only what is there, in degrees", HelpName = "WEST,SOUTH,EAST,NORTH" };
        var time = new Option<string?>("--datetime") { Description = "Only what is about then: a date, or two with / between, .. for an open end" };
        var type = new Option<string?>("--type") { Description = "Only these types, or codes of a classification", HelpName = "A,B" };
        var filter = new Option<string?>("--filter") { Description = "A condition in CQL2, such as \"updated > DATE('2026-01-01')\"", HelpName = "CQL2" };
        var sort = new Option<string?>("--sort") { Description = "By these, - before one for the last first, such as -updated,title; by rank when not given", HelpName = "A,-B" };
        var facet = new Option<string[]>("--facet") { Description = "Count what is found by this, too: type, keywords, formats, source, language, classification; again for several", HelpName = "NAME" };
        var limit = new Option<int>("--limit") { Description = "At most so many", DefaultValueFactory = _ => 20 };
        var command = new Command("search", "Search in everything that the server, or all nodes behind a gateway, know") { words, box, time, type, filter, sort, facet, limit };
        command.SetAction((parsed, cancellationToken) => WithServerAsync(parsed, api => SearchRecords.ExecuteAsync(
            api,
            terminal,
            new SearchWish(
                parsed.GetValue(words) ?? [], parsed.GetValue(box), parsed.GetValue(time), parsed.GetValue(type), parsed.GetValue(filter), parsed.GetValue(sort), parsed.GetValue(facet) ?? [], parsed.GetValue(limit)),
            parsed.GetValue(_json),
            cancellationToken)));
        return command;
    }
}
