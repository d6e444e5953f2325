using System.Text;
using System.Text.Json;
using System.Xml;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Wps.Documents;
using GeoWps.Adapters.Http.Wps.Forms;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Adapters.Http.Wps.Answers;

/// <summary>Repeats what was asked for: <c>lineage</c> of 1.0.0, clause 10.2.3.</summary>
internal sealed class LineageWriter(RequestBinder binder, InputReader inputs, IBlobStore blobs)
{
    public async Task WriteAsync(XmlWriter xml, Job job, ProcessDescription process, CancellationToken cancellationToken)
    {
        if (binder.Bind(process, job.Request).Good is not { } request)
        {
            return;
        }

        if (request.Inputs.Count > 0)
        {
            await InputsAsync(xml, job, process, request, cancellationToken);
        }

        Outputs(xml, process, request);
    }

    private async Task InputsAsync(XmlWriter xml, Job job, ProcessDescription process, ExecuteRequest request, CancellationToken cancellationToken)
    {
        await xml.WriteStartElementAsync("wps", "DataInputs", WpsNames.Wps1);
        foreach (var input in process.Inputs.Where(input => request.Inputs.ContainsKey(input.Id)))
        {
            var form = DataForms.Of(input.Schema, []);
            foreach (var value in request.Inputs[input.Id])
            {
                await xml.WriteStartElementAsync("wps", "Input", WpsNames.Wps1);
                Descriptions.Brief100(xml, input.Id, input.Title, null);
                await ValueAsync(xml, job, value, form, cancellationToken);
                await xml.WriteEndElementAsync();
            }
        }

        await xml.WriteEndElementAsync();
    }

    private static void Outputs(XmlWriter xml, ProcessDescription process, ExecuteRequest request)
    {
        var wanted = request.Outputs ?? [.. process.Outputs.Where(output => !output.Optional).Select(output => new OutputRequest(output.Id, null, Transmission.Value))];
        xml.WriteStartElement("wps", "OutputDefinitions", WpsNames.Wps1);
        foreach (var output in wanted)
        {
            var description = process.FindOutput(output.Id);
            xml.WriteStartElement("wps", "Output", WpsNames.Wps1);
            xml.WriteAttributeString("asReference", XmlConvert.ToString(output.Transmission == Transmission.Reference));
            if (output.MediaType is { } mediaType)
            {
                xml.WriteAttributeString("mimeType", mediaType);
            }

            Descriptions.Brief100(xml, output.Id, description?.Title ?? output.Id, null);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private async Task ValueAsync(XmlWriter xml, Job job, InputValue value, DataForm form, CancellationToken cancellationToken)
    {
        if (value is InputValue.Reference reference)
        {
            xml.WriteStartElement("wps", "Reference", WpsNames.Wps1);
            xml.WriteAttributeString("xlink", "href", OwsNames.XLink, reference.Href);
            if (value.MediaType is { } type)
            {
                xml.WriteAttributeString("mimeType", type);
            }

            xml.WriteEndElement();
            return;
        }

        await xml.WriteStartElementAsync("wps", "Data", WpsNames.Wps1);
        var json = ((InputValue.Inline)value).Json;
        if (form is DataForm.Box && ValueWriter.BoxOf(json) is { } box)
        {
            ValueWriter.Box(xml, WpsVersion.V100, box);
        }
        else if (form is DataForm.Literal literal && !Attachment.IsIn(json))
        {
            ValueWriter.Literal(xml, WpsVersion.V100, json, literal.DataType);
        }
        else
        {
            await ComplexAsync(xml, job, value, json, form, cancellationToken);
        }

        await xml.WriteEndElementAsync();
    }

    private async Task ComplexAsync(XmlWriter xml, Job job, InputValue value, JsonElement json, DataForm form, CancellationToken cancellationToken)
    {
        var mediaType = value.MediaType ?? (json.ValueKind == JsonValueKind.String ? (form as DataForm.Complex)?.Default.MediaType : null) ?? MediaTypes.Json;
        await xml.WriteStartElementAsync("wps", "ComplexData", WpsNames.Wps1);
        xml.WriteAttributeString("mimeType", mediaType);
        if (value.Encoding is { } encoding)
        {
            xml.WriteAttributeString("encoding", encoding);
        }

        if (value.Encoding is null && MediaTypes.IsXml(mediaType) && await OpenTextAsync(job, json, cancellationToken) is { } text)
        {
            await using (text)
            {
                await ContentWriter.WriteAsync(xml, text, mediaType, inBase64: false, cancellationToken);
            }
        }
        else
        {
            // As it was sent: base64 stays base64.
            await inputs.CopyAsync(job, value with { Encoding = null }, new XmlTextStream(xml), cancellationToken);
        }

        await xml.WriteEndElementAsync();
    }

    private async Task<Stream?> OpenTextAsync(Job job, JsonElement json, CancellationToken cancellationToken) =>
        json.ValueKind == JsonValueKind.String ? new MemoryStream(Encoding.UTF8.GetBytes(json.GetString()!))
        : Attachment.TryGetNumber(json, out var number) ? (await blobs.OpenAsync(JobKeys.AttachmentOf(job, number), 0, null, cancellationToken))?.Content
        : null;
}
