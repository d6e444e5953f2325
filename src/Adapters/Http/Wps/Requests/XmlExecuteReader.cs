using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Application.Processes;

namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>Reads <c>wps:Execute</c> of both versions as it comes: 05-007r7, clause 10.2; 14-065, clause 9.8.4. Large data goes to the blob store on the way.</summary>
internal sealed class XmlExecuteReader(XmlReader xml, WpsVersion version, Func<string, ExecuteDraft> begin, CancellationToken cancellationToken)
{
    private ExecuteDraft? _draft;

    /// <summary>The reader stands on the root.</summary>
    public async Task<ExecuteDraft> ReadAsync(bool isRaw, WpsMode mode)
    {
        await xml.ChildrenAsync(() => (xml.LocalName, version, _draft) switch
        {
            ("Identifier", _, null) => BeginAsync(isRaw, mode),
            (_, _, null) => throw new OwsRefusedException(OwsFault.Missing("identifier")),
            ("DataInputs", WpsVersion.V100, _) => xml.ChildrenAsync(() => Expect("Input", InputAsync)),
            ("ResponseForm", WpsVersion.V100, _) => xml.ChildrenAsync(ResponseFormAsync),
            ("Input", WpsVersion.V200, _) => InputAsync(),
            ("Output", WpsVersion.V200, _) => OutputAsync(),
            _ => throw Unexpected(),
        });
        return _draft ?? throw new OwsRefusedException(OwsFault.Missing("identifier"));
    }

    private ExecuteDraft Draft => _draft!;

    private async Task BeginAsync(bool isRaw, WpsMode mode)
    {
        var id = await xml.TextAsync();
        if (id.Length == 0)
        {
            throw new OwsRefusedException(OwsFault.Missing("identifier"));
        }

        _draft = begin(id);
        (_draft.IsRaw, _draft.Mode) = (isRaw, mode);
    }

    private Task Expect(string name, Func<Task> read) => xml.LocalName == name ? read() : throw Unexpected();

    private OwsRefusedException Unexpected() => new(OwsFault.Invalid(xml.LocalName, $"{xml.LocalName}: there is no such element here"));

    private async Task InputAsync()
    {
        var id = xml.Attribute("id") ?? "";
        await xml.ChildrenAsync(async () =>
        {
            switch (xml.LocalName)
            {
                case "Identifier":
                    id = await xml.TextAsync();
                    break;
                case "Title" or "Abstract":
                    await xml.TextAsync();
                    break;
                case "Reference":
                    await ReferenceAsync(Named(id));
                    break;
                case "Data" when version == WpsVersion.V100:
                    await xml.ChildrenAsync(() => Data100Async(Named(id)));
                    break;
                case "Data":
                    await Data200Async(Named(id));
                    break;
                case "Input":
                    throw new OwsRefusedException(new OwsFault("NoSuchInput", id, $"{id}: has no inputs below it"));
                default:
                    throw Unexpected();
            }
        });
    }

    private static string Named(string id) => id.Length > 0 ? id : throw new OwsRefusedException(OwsFault.Missing("identifier"));

    private Task Data100Async(string id) => xml.LocalName switch
    {
        "LiteralData" => LiteralAsync(id),
        "BoundingBoxData" => BoxAsync(id),
        "ComplexData" => ComplexAsync(id),
        _ => throw Unexpected(),
    };

    /// <summary>In 2.0 the data tells what it is: a literal's or a box's element, or anything else.</summary>
    private async Task Data200Async(string id)
    {
        var (depth, mediaType, encoding) = (xml.Depth, xml.Attribute("mimeType"), xml.Attribute("encoding"));
        if (!await xml.EnterAsync())
        {
            Draft.AddLiteral(id, "");
            return;
        }

        switch (xml.NodeType, xml.LocalName, xml.NamespaceURI)
        {
            case (XmlNodeType.Element, "LiteralValue", WpsNames.Wps2):
                await LiteralAsync(id);
                break;
            case (XmlNodeType.Element, "BoundingBox" or "WGS84BoundingBox", OwsNames.Ows2):
                await BoxAsync(id);
                break;
            default:
                await ContentAsync(id, depth, mediaType, encoding);
                break;
        }

        await xml.LeaveAsync(depth);
    }

    private async Task LiteralAsync(string id)
    {
        var depth = xml.Depth;
        if (xml.IsEmptyElement)
        {
            Draft.AddLiteral(id, "");
        }
        else
        {
            await xml.ReadAsync();
            Draft.AddLiteral(id, await Draft.Parts.TextAsync(new XmlTextSource(xml, depth, id, dropsSpace: false), cancellationToken));
        }

        await xml.LeaveAsync(depth);
    }

    private async Task ComplexAsync(string id)
    {
        var (depth, mediaType, encoding) = (xml.Depth, xml.Attribute("mimeType"), xml.Attribute("encoding"));
        if (!await xml.EnterAsync())
        {
            Draft.AddLiteral(id, "");
            return;
        }

        await ContentAsync(id, depth, mediaType, encoding);
        await xml.LeaveAsync(depth);
    }

    private async Task ContentAsync(string id, int depth, string? mediaType, string? encoding)
    {
        if (xml.NodeType == XmlNodeType.Element)
        {
            await Draft.AddComplexAsync(id, new XmlFragmentSource(xml), '<', mediaType, null, cancellationToken);
            return;
        }

        var isBase64 = ExecuteDraft.IsBase64(encoding);
        var text = new PeekedSource(new XmlTextSource(xml, depth, id, isBase64));
        await Draft.AddComplexAsync(id, text, await text.PeekAsync(cancellationToken), mediaType, encoding, cancellationToken);
    }

    private async Task BoxAsync(string id)
    {
        var crs = xml.Attribute("crs") ?? (xml.LocalName == "WGS84BoundingBox" ? "urn:ogc:def:crs:OGC:1.3:CRS84" : null);
        string[] lower = [], upper = [];
        await xml.ChildrenAsync(async () =>
        {
            var name = xml.LocalName;
            var corner = Corner(id, await xml.TextAsync());
            (lower, upper) = name switch
            {
                "LowerCorner" => (corner, upper),
                "UpperCorner" => (lower, corner),
                _ => throw new OwsRefusedException(OwsFault.Invalid(id, $"{id}: a box has a LowerCorner and an UpperCorner")),
            };
        });
        if (lower.Length < 2 || lower.Length != upper.Length)
        {
            throw new OwsRefusedException(OwsFault.Invalid(id, $"{id}: a box has a LowerCorner and an UpperCorner of as many numbers"));
        }

        Draft.AddBox(id, [.. lower, .. upper], crs);
    }

    private static string[] Corner(string id, string text)
    {
        var numbers = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var wrong = Array.Find(numbers, part => !double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number));
        return wrong is null ? numbers : throw new OwsRefusedException(OwsFault.Invalid(id, $"{id}: {wrong} is no coordinate"));
    }

    private async Task ReferenceAsync(string id)
    {
        var href = xml.GetAttribute("href", OwsNames.XLink) ?? xml.Attribute("href") ?? throw new OwsRefusedException(OwsFault.Invalid(id, $"{id}: a reference has an xlink:href"));
        var (mediaType, encoding) = (xml.Attribute("mimeType"), xml.Attribute("encoding"));
        var (post, headers) = (new JsonObject(), new JsonObject());
        var isPost = xml.Attribute("method")?.Equals("POST", StringComparison.OrdinalIgnoreCase) == true;
        await xml.ChildrenAsync(async () =>
        {
            switch (xml.LocalName)
            {
                case "Header":
                    headers[xml.Attribute("key") ?? ""] = xml.Attribute("value") ?? "";
                    await xml.ChildrenAsync(() => throw Unexpected());
                    break;
                case "Body":
                    post["body"] = await BodyAsync(id);
                    isPost = true;
                    break;
                case "BodyReference":
                    post["bodyHref"] = xml.GetAttribute("href", OwsNames.XLink) ?? xml.Attribute("href") ?? "";
                    isPost = true;
                    await xml.ChildrenAsync(() => throw Unexpected());
                    break;
                default:
                    throw Unexpected();
            }
        });
        if (headers.Count > 0)
        {
            post["headers"] = headers;
        }

        if (isPost)
        {
            post["method"] = "POST";
        }

        Draft.AddReference(id, href, mediaType, encoding, post);
    }

    /// <summary>A body is a request to another service, which is small.</summary>
    private async Task<string> BodyAsync(string id)
    {
        var depth = xml.Depth;
        if (!await xml.EnterAsync())
        {
            return "";
        }

        using var memory = new MemoryStream();
        IContentSource source = xml.NodeType == XmlNodeType.Element ? new XmlFragmentSource(xml) : new XmlTextSource(xml, depth, id, dropsSpace: false);
        while (await source.StepAsync(memory, cancellationToken))
        {
            if (memory.Length > RequestLimits.LargestReferenceBody)
            {
                throw new OwsRefusedException(OwsFault.Invalid(id, $"{id}: the body of a reference may have {RequestLimits.LargestReferenceBody} bytes"));
            }
        }

        await xml.LeaveAsync(depth);
        return System.Text.Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length);
    }

    private Task ResponseFormAsync()
    {
        switch (xml.LocalName)
        {
            case "RawDataOutput":
                Draft.IsRaw = true;
                return OutputAsync();
            case "ResponseDocument":
                Draft.Marks = new WpsMarks(
                    Negotiation.Flag(xml.Attribute("lineage"), "lineage"),
                    Negotiation.Flag(xml.Attribute("storeExecuteResponse"), "storeExecuteResponse"),
                    Negotiation.Flag(xml.Attribute("status"), "status"));
                return xml.ChildrenAsync(() => Expect("Output", OutputAsync));
            default:
                throw Unexpected();
        }
    }

    private async Task OutputAsync()
    {
        var output = new WantedOutput(
            xml.Attribute("id") ?? "",
            xml.Attribute("mimeType"),
            xml.Attribute("encoding"),
            xml.Attribute("schema"),
            version == WpsVersion.V100 ? Negotiation.Flag(xml.Attribute("asReference"), "asReference") : Transmission(xml.Attribute("transmission")));
        await xml.ChildrenAsync(async () =>
        {
            var name = xml.LocalName;
            if (name is not ("Identifier" or "Title" or "Abstract"))
            {
                throw Unexpected();
            }

            var text = await xml.TextAsync();
            output = name == "Identifier" ? output with { Id = text } : output;
        });
        Draft.AddOutput(output with { Id = Named(output.Id) });
    }

    private static bool Transmission(string? mode) => mode switch
    {
        null or "value" => false,
        "reference" => true,
        _ => throw new OwsRefusedException(OwsFault.Invalid("transmission", $"transmission: must be value or reference (got {mode})")),
    };
}

/// <summary>A content of which the first letter has been looked at.</summary>
internal sealed class PeekedSource(IContentSource source) : IContentSource
{
    private readonly MemoryStream _ready = new();

    /// <returns>The first letter that is no white space; NUL when there is none.</returns>
    public async Task<char> PeekAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var text = System.Text.Encoding.UTF8.GetString(_ready.GetBuffer(), 0, (int)_ready.Length).AsSpan().TrimStart();
            if (text.Length > 0)
            {
                return text[0];
            }

            if (_ready.Length > 64 * 1024 || !await source.StepAsync(_ready, cancellationToken))
            {
                return '\0';
            }
        }
    }

    public ValueTask<bool> StepAsync(Stream destination, CancellationToken cancellationToken)
    {
        if (_ready.Length == 0)
        {
            return source.StepAsync(destination, cancellationToken);
        }

        destination.Write(_ready.GetBuffer().AsSpan(0, (int)_ready.Length));
        _ready.SetLength(0);
        return ValueTask.FromResult(true);
    }
}
