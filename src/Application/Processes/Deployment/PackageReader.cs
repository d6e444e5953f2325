using System.Text;
using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;
using Microsoft.Extensions.Options;

namespace GeoWps.Application.Processes.Deployment;

/// <summary>A wish to deploy or replace, as it came.</summary>
/// <param name="MediaType">Of the body; see <see cref="PackageReader.Takes"/>.</param>
/// <param name="FileName">As the caller names the body, if at all.</param>
/// <param name="Wanted">Which process of a package with several (parameter <c>w</c>): its id, with or without <c>model:</c> or <c>script:</c>.</param>
public sealed record PackageCall(string? MediaType, ReadOnlyMemory<byte> Body, string? FileName, string? Wanted);

/// <summary>A unit that has not been fetched or decoded yet.</summary>
/// <param name="Place">Where it stands, for mistakes.</param>
public sealed record PackedUnit(string Place, UnitKind? Kind, string? Value, bool IsBase64, string? Href);

/// <summary>What a body holds.</summary>
/// <param name="Id">Of its process description, if it has one.</param>
public sealed record PackageContent(ApplicationPackage Package, string? Id, IReadOnlyList<PackedUnit> Units);

/// <summary>Reads application packages (<c>ogcapppkg.yaml</c>) and bare models and scripts.</summary>
public sealed class PackageReader(IReferenceFetcher fetcher, IOptions<RequestLimits> limits)
{
    private const string Unit = "executionUnit";

    /// <summary>Whether a body of this type, or of this name, is one that can be deployed.</summary>
    public static bool Takes(string? mediaType, string? fileName) => PackageMedia.IsPackage(mediaType) || BareKind(mediaType, fileName) is not null;

    public (PackageContent? Content, IReadOnlyList<Mistake> Mistakes) Read(PackageCall call)
    {
        if (!PackageMedia.IsPackage(call.MediaType))
        {
            var kind = BareKind(call.MediaType, call.FileName) ?? throw new ArgumentException("It is nothing that can be deployed.", nameof(call));
            var bare = new ApplicationPackage(PackageMedia.NameOf(kind), call.Body);
            return (new PackageContent(bare, null, [new PackedUnit("", kind, null, false, null)]), []);
        }

        try
        {
            using var document = JsonDocument.Parse(call.Body, new JsonDocumentOptions { MaxDepth = RequestLimits.MaxDepth });
            return ReadPackage(document.RootElement, new ApplicationPackage(PackageMedia.Package, call.Body));
        }
        catch (JsonException error)
        {
            return (null, [new Mistake("", $"the package is no JSON: {error.Message}")]);
        }
    }

    /// <summary>Decodes or fetches a unit.</summary>
    public async Task<(ExecutionUnit? Unit, Mistake? Mistake)> OpenAsync(PackageContent package, PackedUnit packed, CancellationToken cancellationToken)
    {
        if (packed.Href is { } href)
        {
            var content = new MemoryStream();
            return await fetcher.FetchAsync(href, content, limits.Value.MaxPackageBytes, cancellationToken) switch
            {
                FetchOutcome.Fetched fetched => Typed(packed, packed.Kind ?? PackageMedia.KindOfFile(fetched.FileName) ?? PackageMedia.KindOf(fetched.ContentType), content.ToArray()),
                FetchOutcome.Refused refused => (null, new Mistake($"{packed.Place}.href", refused.Message)),
                var other => throw new InvalidOperationException($"{other.GetType().Name} is an outcome that nobody answers"),
            };
        }

        if (packed.Value is not { } value)
        {
            return Typed(packed, packed.Kind, package.Package.Content);
        }

        try
        {
            return Typed(packed, packed.Kind, packed.IsBase64 ? Convert.FromBase64String(value) : Encoding.UTF8.GetBytes(value));
        }
        catch (FormatException)
        {
            return (null, new Mistake($"{packed.Place}.value", "not base64"));
        }
    }

    private static UnitKind? BareKind(string? mediaType, string? fileName) =>
        PackageMedia.IsVague(mediaType) ? PackageMedia.KindOfFile(fileName) : PackageMedia.KindOf(mediaType);

    private static (ExecutionUnit? Unit, Mistake? Mistake) Typed(PackedUnit packed, UnitKind? kind, ReadOnlyMemory<byte> content) => kind is { } known
        ? (new ExecutionUnit(known, content), null)
        : (null, new Mistake($"{packed.Place}.type", $"what it is can not be told; one of {PackageMedia.Allowed}"));

    private static (PackageContent? Content, IReadOnlyList<Mistake> Mistakes) ReadPackage(JsonElement json, ApplicationPackage package)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return (null, [new Mistake("", "an application package is a JSON object")]);
        }

        var mistakes = new List<Mistake>();
        var id = ReadId(json, mistakes);
        var units = new List<PackedUnit>();
        if (!json.TryGetProperty(Unit, out var unit) || unit.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            mistakes.Add(new Mistake(Unit, "required: an object, or an array of them"));
        }
        else if (unit.ValueKind == JsonValueKind.Object)
        {
            ReadUnit(unit, Unit, units, mistakes);
        }
        else if (unit.GetArrayLength() == 0)
        {
            mistakes.Add(new Mistake(Unit, "at least one is required"));
        }
        else
        {
            var index = 0;
            foreach (var one in unit.EnumerateArray())
            {
                ReadUnit(one, $"{Unit}[{index++}]", units, mistakes);
            }
        }

        return mistakes.Count > 0 ? (null, mistakes) : (new PackageContent(package, id, units), []);
    }

    private static string? ReadId(JsonElement json, List<Mistake> mistakes)
    {
        if (!json.TryGetProperty("processDescription", out var description))
        {
            return null;
        }

        if (description.ValueKind != JsonValueKind.Object)
        {
            mistakes.Add(new Mistake("processDescription", "an object is required"));
            return null;
        }

        return Text(description, "processDescription", "id", mistakes);
    }

    private static void ReadUnit(JsonElement unit, string place, List<PackedUnit> units, List<Mistake> mistakes)
    {
        if (unit.ValueKind != JsonValueKind.Object)
        {
            mistakes.Add(new Mistake(place, "an object is required"));
            return;
        }

        var type = Text(unit, place, "type", mistakes) ?? Text(unit, place, "mediaType", mistakes);
        var (value, href) = (Text(unit, place, "value", mistakes), Text(unit, place, "href", mistakes));
        var encoding = Text(unit, place, "encoding", mistakes);
        if (type is not null && PackageMedia.KindOf(type) is null && !(href is not null && PackageMedia.IsVague(type)))
        {
            mistakes.Add(new Mistake($"{place}.type", $"'{type}' can not be run here; one of {PackageMedia.Allowed}"));
        }

        if (value is null == href is null)
        {
            mistakes.Add(new Mistake(place, "either value or href is required"));
        }

        if (encoding is not (null or "base64" or "utf-8" or "UTF-8"))
        {
            mistakes.Add(new Mistake($"{place}.encoding", "base64 or utf-8"));
        }

        units.Add(new PackedUnit(place, PackageMedia.KindOf(type), value, encoding == "base64", href));
    }

    private static string? Text(JsonElement json, string place, string name, List<Mistake> mistakes)
    {
        if (!json.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (member.ValueKind == JsonValueKind.String)
        {
            return member.GetString();
        }

        mistakes.Add(new Mistake($"{place}.{name}", "a text is required"));
        return null;
    }
}
