using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Settings;

/// <summary>
/// Settings that are read strictly: an unknown name, a value of the wrong kind and one out of range each stop the start with a line that names the
/// setting, the value and what is allowed, all of a section at once. Kinds: text, whole and other numbers, yes or no, closed choices, lists of text, texts
/// by name, and sections of their own (get-only properties), or several of them by name (a get-only dictionary).
/// </summary>
public static class StrictOptions
{
    public static OptionsBuilder<TOptions> AddStrictOptions<TOptions>(this IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class
    {
        // Two parts may need the same section; its mistakes are said once.
        if (services.Any(service => service.ImplementationInstance is Reader<TOptions>))
        {
            return services.AddOptions<TOptions>();
        }

        var values = configuration.GetSection(section);
        services.AddSingleton<IValidateOptions<TOptions>>(new Reader<TOptions>(values, section));
        return services.AddOptions<TOptions>().Configure(options => Read(values, section, options)).ValidateOnStart();
    }

    /// <summary>Fills what can be filled.</summary>
    /// <returns>What is wrong with the rest.</returns>
    internal static IReadOnlyList<string> Read(IConfigurationSection values, string section, object options)
    {
        var properties = options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite || IsSection(property)).ToArray();
        var failures = values.GetChildren()
            .Where(child => !Array.Exists(properties, property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)))
            .Select(child => $"{section}:{child.Key}: there is no such setting; there are: {string.Join(", ", properties.Select(property => property.Name))}")
            .ToList();
        foreach (var property in properties)
        {
            var value = values.GetSection(property.Name);
            if (IsSection(property))
            {
                failures.AddRange(ReadInner(value, $"{section}:{property.Name}", property.GetValue(options)!));
            }
            else if (value.Exists() && Set(property, options, value, $"{section}:{property.Name}") is { } failure)
            {
                failures.Add(failure);
            }
        }

        return failures;
    }

    /// <summary>Sections of one kind, by names that whoever sets them chooses.</summary>
    private static IReadOnlyList<string> ReadNamed(IConfigurationSection values, string section, IDictionary named)
    {
        if (!string.IsNullOrEmpty(values.Value))
        {
            return [$"{section}: '{values.Value}' is not allowed; sections by name, as {section}:NAME"];
        }

        var failures = new List<string>();
        foreach (var child in values.GetChildren())
        {
            var one = Activator.CreateInstance(named.GetType().GetGenericArguments()[1])!;
            failures.AddRange(ReadInner(child, $"{section}:{child.Key}", one));
            named[child.Key] = one;
        }

        return failures;
    }

    // A section in a section is an object that is there from the start and can't be replaced.
    private static bool IsSection(PropertyInfo property) => !property.CanWrite && property.PropertyType is { IsClass: true, IsArray: false } type && type != typeof(string);

    private static IReadOnlyList<string> ReadInner(IConfigurationSection values, string section, object options) => options is IDictionary named ? ReadNamed(values, section, named) : string.IsNullOrEmpty(values.Value)
        ? Read(values, section, options)
        : [$"{section}: '{values.Value}' is not allowed; it has settings of its own, like {section}:{options.GetType().GetProperties()[0].Name}"];

    private static string? Set(PropertyInfo property, object options, IConfigurationSection value, string name)
    {
        if (property.PropertyType == typeof(string[]))
        {
            property.SetValue(options, value.Value is { } list ? Items(list) : [.. value.GetChildren().Select(item => item.Value ?? "")]);
            return null;
        }

        if (property.PropertyType == typeof(Dictionary<string, string>))
        {
            // What the texts are is not said: they may be secrets.
            var nested = value.GetChildren().FirstOrDefault(item => item.GetChildren().Any());
            property.SetValue(options, value.GetChildren().ToDictionary(item => item.Key, item => item.Value ?? "", StringComparer.OrdinalIgnoreCase));
            return nested is not null ? $"{name}:{nested.Key} is not allowed; a text" : value.Value is { Length: > 0 } ? $"{name} is not allowed; texts by name, as {name}:NAME" : null;
        }

        var text = value.Value ?? "";
        var range = property.GetCustomAttribute<RangeAttribute>();
        var parsed = Parse(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, text);
        if (parsed is null || (range is not null && !range.IsValid(parsed)))
        {
            return $"{name}: '{text}' is not allowed; {Allowed(property.PropertyType, range)}";
        }

        property.SetValue(options, parsed);
        return null;
    }

    // A JSON array in one value, or commas. "[::1]:8080" is no JSON.
    private static string[] Items(string list)
    {
        try
        {
            if (list.TrimStart().StartsWith('[') && JsonNode.Parse(list) is JsonArray items)
            {
                return [.. items.Select(item => item?.ToString() ?? "")];
            }
        }
        catch (JsonException)
        {
            // Then it is a list with commas.
        }

        return list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private static object? Parse(Type type, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        return type switch
        {
            _ when type == typeof(string) => text,
            _ when type == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number) ? number : null,
            _ when type == typeof(long) => long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number) ? number : null,
            _ when type == typeof(double) => double.TryParse(text, NumberStyles.Float, culture, out var number) ? number : null,
            _ when type == typeof(bool) => bool.TryParse(text, out var yes) ? yes : null,
            // A number would pass for any choice.
            { IsEnum: true } => Array.Find(Enum.GetNames(type), choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } choice
                ? Enum.Parse(type, choice)
                : null,
            _ => throw new NotSupportedException($"Settings of type {type} can't be read."),
        };
    }

    private static string Allowed(Type type, RangeAttribute? range)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var bounds = range is null ? "" : string.Create(CultureInfo.InvariantCulture, $" from {range.Minimum} to {range.Maximum}");
        return type switch
        {
            { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type))}",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(double) => $"a number{bounds}",
            _ => $"a whole number{bounds}",
        };
    }

    private sealed class Reader<TOptions>(IConfigurationSection values, string section) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            var failures = Read(values, section, options);
            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }
    }
}
