using System.Globalization;
using System.Text.Json;
using System.Xml;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Results;
using GeoWps.Adapters.Http.Wps.Forms;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Wps.Answers;

/// <summary>Writes <c>wps:Data</c> of one value: 05-007r7, clause 10.3.1; 14-065, clause 7.3.</summary>
internal sealed class ValueWriter(XmlWriter xml, WpsVersion version, IBlobStore blobs)
{
    /// <param name="inBase64">A text is wanted so; bytes always are.</param>
    public async Task DataAsync(OutputValue value, DataForm? form, bool inBase64, CancellationToken cancellationToken)
    {
        await xml.WriteStartElementAsync("wps", "Data", version.Wps());
        switch (value)
        {
            case OutputValue.Literal { Json: var json } when BoxOf(json) is { } box && form is DataForm.Box or null:
                WriteMimeType("text/xml");
                Box(xml, version, box);
                break;
            case OutputValue.Literal literal when form is DataForm.Literal or null && literal.Json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) && literal.MediaType is null:
                WriteMimeType("text/xml");
                Literal(xml, version, literal.Json, (form as DataForm.Literal)?.DataType);
                break;
            case OutputValue.Literal literal:
                // A string of bytes is base64 already.
                var (bytes, contentType) = OutputForm.Bare(literal, asJson: false);
                using (var memory = new MemoryStream(bytes))
                {
                    await ComplexAsync(memory, Domain.Processes.MediaTypes.WithoutParameters(contentType) == Media.PlainText ? Media.PlainText : contentType, inBase64, cancellationToken);
                }

                break;
            case OutputValue.Content content:
                await using (var blob = await blobs.OpenAsync(content.Key, 0, length: null, cancellationToken) ?? throw new ContentGoneException())
                {
                    await ComplexAsync(blob.Content, OutputForm.MediaTypeOf(content), inBase64, cancellationToken);
                }

                break;
            default:
                throw new NotSupportedException($"A value of type {value.GetType()} can't be written.");
        }

        await xml.WriteEndElementAsync();
    }

    public static void Literal(XmlWriter xml, WpsVersion version, JsonElement json, string? dataType)
    {
        var type = dataType ?? json.ValueKind switch
        {
            JsonValueKind.Number => "double",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => "string",
        };
        xml.WriteStartElement("wps", version == WpsVersion.V100 ? "LiteralData" : "LiteralValue", version.Wps());
        xml.WriteAttributeString("dataType", version == WpsVersion.V100 ? "xs:" + type : WpsNames.Xsd + type);
        xml.WriteString(XmlLetters.Clean(TextOf(json)));
        xml.WriteEndElement();
    }

    public static void Box(XmlWriter xml, WpsVersion version, JsonElement box)
    {
        var numbers = box.GetProperty("bbox").EnumerateArray().Select(number => number.GetRawText()).ToArray();
        var half = numbers.Length / 2;
        if (version == WpsVersion.V100)
        {
            xml.WriteStartElement("wps", "BoundingBoxData", WpsNames.Wps1);
        }
        else
        {
            xml.WriteStartElement("ows", "BoundingBox", OwsNames.Ows2);
        }

        xml.WriteAttributeString("crs", box.TryGetProperty("crs", out var crs) && crs.ValueKind == JsonValueKind.String ? XmlLetters.Clean(crs.GetString()!) : BoxCrs.All[1]);
        xml.WriteAttributeString("dimensions", half.ToString(CultureInfo.InvariantCulture));
        xml.WriteElementString("ows", "LowerCorner", version.Ows(), string.Join(' ', numbers[..half]));
        xml.WriteElementString("ows", "UpperCorner", version.Ows(), string.Join(' ', numbers[half..]));
        xml.WriteEndElement();
    }

    /// <returns>The box, or <see langword="null"/> when <paramref name="json"/> is none.</returns>
    public static JsonElement? BoxOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("bbox", out var numbers) && numbers.ValueKind == JsonValueKind.Array && !json.TryGetProperty("type", out _)
            ? json
            : null;

    public static string TextOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        _ => json.GetRawText(),
    };

    /// <summary>Complex data; <paramref name="content"/> is what it is, not yet in base64.</summary>
    public async Task ComplexAsync(Stream content, string mediaType, bool inBase64, CancellationToken cancellationToken)
    {
        var asBase64 = inBase64 || ContentWriter.IsBinary(mediaType);
        if (version == WpsVersion.V100)
        {
            await xml.WriteStartElementAsync("wps", "ComplexData", WpsNames.Wps1);
        }

        xml.WriteAttributeString("mimeType", mediaType);
        if (asBase64)
        {
            xml.WriteAttributeString("encoding", "base64");
        }

        await ContentWriter.WriteAsync(xml, content, mediaType, asBase64, cancellationToken);
        if (version == WpsVersion.V100)
        {
            await xml.WriteEndElementAsync();
        }
    }

    /// <summary>In 2.0 the data's own element says its type.</summary>
    private void WriteMimeType(string mediaType)
    {
        if (version == WpsVersion.V200)
        {
            xml.WriteAttributeString("mimeType", mediaType);
        }
    }
}
