using System.Text.Json;
using System.Text.Json.Nodes;
using GeoWps.Adapters.Shell.Processes;

namespace GeoWps.Adapters.Shell.Requests;

/// <summary>Makes values of what was typed, by the description of the process: the shell knows only texts.</summary>
internal static class InputParser
{
    /// <summary>Values by input name, in the order typed.</summary>
    /// <exception cref="CommandException">All mistakes at once.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<RequestValue>> Parse(JsonNode process, IReadOnlyList<string> inputs, TemporaryFiles temporary)
    {
        var descriptions = process["inputs"] as JsonObject ?? [];
        var values = new Dictionary<string, IReadOnlyList<RequestValue>>(StringComparer.Ordinal);
        var mistakes = new List<string>();
        foreach (var pair in inputs.Select(input => RunWish.Divide(input, "--input")).GroupBy(pair => pair.Name, pair => pair.Value))
        {
            if (descriptions[pair.Key] is not { } description)
            {
                mistakes.Add($"{pair.Key}: {process.Text("id")} has no such input (it has {string.Join(", ", descriptions.Select(input => input.Key))})");
                continue;
            }

            var schema = ValueSchema.Of(description["schema"]);
            try
            {
                values.Add(pair.Key, [.. pair.Select(value => ParseOne(pair.Key, value, schema, temporary))]);
            }
            catch (CommandException mistake)
            {
                mistakes.AddRange(mistake.Lines);
            }
        }

        return mistakes.Count == 0 ? values : throw new CommandException(mistakes, exitCode: 2);
    }

    private static RequestValue ParseOne(string name, string text, ValueSchema schema, TemporaryFiles temporary)
    {
        var content = schema.Items is { TakesContent: true } items && schema.MediaTypes.Count == 0 ? items : schema;
        if (text.StartsWith('@'))
        {
            var target = text[1..];
            return target.StartsWith('@') ? new RequestValue.Plain(target)
                : IsAddress(target) ? Reference(target, content)
                : File.Exists(target) ? LocalFile.Read(target, content, temporary)
                : throw CommandException.Usage($"{name}: there is no file {target}");
        }

        if (schema.TakesContent && IsAddress(text))
        {
            return Reference(text, content);
        }

        if (schema.TakesContent && File.Exists(text))
        {
            return LocalFile.Read(text, content, temporary);
        }

        return content.MediaTypes.Count > 0 && NamesFile(text)
            ? throw CommandException.Usage($"{name}: there is no file {text}")
            : new RequestValue.Plain(Literal(text, schema));
    }

    // Sent as data, a name with a slip of the pen would come back as an error that nobody understands.
    private static bool NamesFile(string text) =>
        text.AsSpan().IndexOfAny("<{[\n\r\"") < 0
        && (FileFormats.Of(text).Count > 0 || text.StartsWith('/') || text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("../", StringComparison.Ordinal));

    // JSON where the schema takes what it says; else a text. What fits nothing is the server's to refuse, which says what would fit.
    private static JsonNode? Literal(string text, ValueSchema schema)
    {
        if (schema.IsBox && !schema.Types.Contains("string") && Box(text) is { } box)
        {
            return box;
        }

        try
        {
            var json = JsonNode.Parse(text);
            return Fits(json, schema) ? json : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static bool Fits(JsonNode? json, ValueSchema schema) => json?.GetValueKind() switch
    {
        null => false,
        _ when schema is { Types.Count: 0, MediaTypes.Count: 0 } => true,
        JsonValueKind.Number => schema.Types.Contains("number") || schema.Types.Contains("integer"),
        JsonValueKind.True or JsonValueKind.False => schema.Types.Contains("boolean"),
        JsonValueKind.Array => schema.Types.Contains("array"),
        // References and qualified values are objects wherever content is taken.
        JsonValueKind.Object => schema.Types.Contains("object") || schema.TakesContent || schema.IsBox,
        // "5" in quotes is what was typed, quotes included.
        _ => false,
    };

    private static JsonObject? Box(string text)
    {
        var numbers = text.Split(',', StringSplitOptions.TrimEntries);
        return numbers.Length is 4 or 6 && Array.TrueForAll(numbers, number => double.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out _))
            ? new JsonObject { ["bbox"] = JsonNode.Parse($"[{string.Join(',', numbers)}]") }
            : null;
    }

    private static bool IsAddress(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static RequestValue.Plain Reference(string address, ValueSchema schema)
    {
        var reference = new JsonObject { ["href"] = address };
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && FileFormats.Match(FileFormats.Of(uri.AbsolutePath), schema.MediaTypes) is { } mediaType)
        {
            reference["type"] = mediaType;
        }

        return new RequestValue.Plain(reference);
    }
}
