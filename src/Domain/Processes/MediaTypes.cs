namespace GeoWps.Domain.Processes;

/// <summary>Media types as people write them: compared without regard to case, spaces and the order of parameters.</summary>
public static class MediaTypes
{
    public const string GeoJson = "application/geo+json";
    public const string Json = "application/json";
    public const string Text = "text/plain";

    /// <summary>Another name for the same thing → the name we compare by. The standard's own example uses the first two.</summary>
    private static readonly Dictionary<string, string> Synonyms = new(StringComparer.Ordinal)
    {
        ["application/tiff"] = "image/tiff",
        ["application/jp2"] = "image/jp2",
        ["application/vnd.geo+json"] = GeoJson,
        ["application/xml"] = "text/xml",
        ["image/geotiff"] = "image/tiff",
    };

    public static bool IsJson(string mediaType)
    {
        var type = WithoutParameters(mediaType);
        return type is "application/json" or "text/json" || type.EndsWith("+json", StringComparison.Ordinal);
    }

    public static bool IsXml(string mediaType)
    {
        var type = WithoutParameters(mediaType);
        return type is "application/xml" or "text/xml" || type.EndsWith("+xml", StringComparison.Ordinal);
    }

    /// <summary>Whether content of this type is text, so that it stands in JSON as it is and not as base64.</summary>
    public static bool IsText(string mediaType) =>
        IsJson(mediaType) || IsXml(mediaType) || WithoutParameters(mediaType).StartsWith("text/", StringComparison.Ordinal);

    /// <summary>Type and subtype, in lower case.</summary>
    public static string WithoutParameters(string mediaType)
    {
        var end = mediaType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? mediaType : mediaType[..end]).Trim().ToLowerInvariant();
    }

    /// <summary>
    /// Finds what is offered under a name: the same type with the same parameters, else the type without parameters; a name without parameters is also
    /// the first offered that has some.
    /// </summary>
    /// <returns>The index in <paramref name="offered"/>, or -1.</returns>
    public static int Match(string asked, IReadOnlyList<string> offered)
    {
        var (type, parameters) = Normal(asked);
        var (bare, specific) = (-1, -1);
        for (var i = 0; i < offered.Count; i++)
        {
            var (otherType, otherParameters) = Normal(offered[i]);
            if (otherType != type)
            {
                continue;
            }

            if (otherParameters == parameters)
            {
                return i;
            }

            if (otherParameters.Length == 0)
            {
                bare = bare < 0 ? i : bare;
            }
            else if (parameters.Length == 0)
            {
                specific = specific < 0 ? i : specific;
            }
        }

        return bare >= 0 ? bare : specific;
    }

    private static (string Type, string Parameters) Normal(string mediaType)
    {
        var type = WithoutParameters(mediaType);
        var parameters = mediaType.Split(';').Skip(1)
            .Select(parameter => parameter.Replace(" ", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).ToLowerInvariant())
            .Where(parameter => parameter.Length > 0 && !parameter.StartsWith("charset=", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        return (Synonyms.GetValueOrDefault(type, type), string.Join(';', parameters));
    }
}
