namespace GeoWps.Domain.Processes;

/// <summary>Media types as people write them: compared without regard to case, spaces and the order of parameters.</summary>
public static class MediaTypes
{
    public const string GeoJson = "application/geo+json";
    public const string FlatGeobuf = "application/flatgeobuf";
    public const string GeoPackage = "application/geopackage+sqlite3";
    public const string Json = "application/json";
    public const string Text = "text/plain";
    public const string Xml = "text/xml";

    /// <summary>A grid of ESRI; a text, though its type does not say so.</summary>
    public const string AsciiGrid = "application/arcgrid";

    /// <summary>What its sender may call anything: what it is, the content tells.</summary>
    public const string Unknown = "application/octet-stream";

    public static bool IsJson(string mediaType)
    {
        var type = Normal(mediaType).Type;
        return type == Json || type.EndsWith("+json", StringComparison.Ordinal);
    }

    public static bool IsXml(string mediaType)
    {
        var type = Normal(mediaType).Type;
        return type == Xml || type.EndsWith("+xml", StringComparison.Ordinal);
    }

    /// <summary>Whether content of this type is text, so that it stands in JSON as it is and not as base64.</summary>
    public static bool IsText(string mediaType) =>
        IsJson(mediaType) || IsXml(mediaType) || Normal(mediaType).Type is var type && (type == AsciiGrid || type.StartsWith("text/", StringComparison.Ordinal));

    /// <summary>A type that says how content travels or is written, and not what it is: any text, XML, JSON, or bytes.</summary>
    public static bool IsGeneral(string mediaType) => Normal(mediaType) is (Unknown or Text or Json or Xml, "");

    /// <summary>Type and subtype, in lower case.</summary>
    public static string WithoutParameters(string mediaType)
    {
        var end = mediaType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? mediaType : mediaType[..end]).Trim().ToLowerInvariant();
    }

    /// <summary>
    /// Finds what is offered under a name: the same type with the same parameters, else the type without parameters; a name without parameters is also
    /// the first offered that has some. JSON and XML, which say little, are the first offered that is written so.
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

        return bare >= 0 ? bare
            : specific >= 0 ? specific
            : (type, parameters) is (Json, "") ? IndexOf(offered, IsJson)
            : (type, parameters) is (Xml, "") ? IndexOf(offered, IsXml)
            : -1;
    }

    /// <summary>The name that all spellings of a type have in common, such as <c>application/gml+xml;version=3.1</c> for <c>text/xml; subtype=gml/3.1.1</c>.</summary>
    public static string Canonical(string mediaType)
    {
        var (type, parameters) = Normal(mediaType);
        return parameters.Length == 0 ? type : $"{type};{parameters}";
    }

    /// <summary>A type that leaves open which XML is meant, together with a schema that does not.</summary>
    /// <returns>The type that says it; <paramref name="mediaType"/> where the schema adds nothing.</returns>
    public static string WithSchema(string mediaType, string schema) =>
        Normal(mediaType) is (Xml or "application/gml+xml", "") ? MediaTypeSynonyms.OfSchema(schema) ?? mediaType : mediaType;

    /// <summary>A type as somebody wrote it, without what it says of the encoding of characters: ours is UTF-8 whatever is asked for.</summary>
    public static string WithoutCharset(string mediaType) => string.Join("; ", mediaType.Split(';').Select(part => part.Trim())
        .Where(part => part.Length > 0 && !part.StartsWith("charset", StringComparison.OrdinalIgnoreCase)));

    private static int IndexOf(IReadOnlyList<string> offered, Func<string, bool> isIt)
    {
        for (var i = 0; i < offered.Count; i++)
        {
            if (isIt(offered[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static (string Type, string Parameters) Normal(string mediaType)
    {
        // A plus that nobody encoded arrives as a space out of an address.
        var type = WithoutParameters(mediaType).Replace(' ', '+');
        var parameters = mediaType.Split(';').Skip(1)
            .Select(parameter => parameter.Replace(" ", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).ToLowerInvariant())
            .Where(parameter => parameter.Length > 0 && !parameter.StartsWith("charset=", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        return MediaTypeSynonyms.Resolve(type, string.Join(';', parameters));
    }
}
