using System.Globalization;
using System.Xml;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Results;
using GeoWps.Adapters.Http.Wps.Documents;
using GeoWps.Adapters.Http.Wps.Requests;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Wps.Answers;

/// <summary><c>wps:ExecuteResponse</c> of 1.0.0, at once and at its <c>statusLocation</c>: clause 10.3.</summary>
/// <param name="stored">It is asked for at its own address, by whichever protocol the job came.</param>
internal sealed class ExecuteResponse(WpsAnswers answers, Job job, string baseAddress, bool stored = false) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => XmlStream.WriteAsync(httpContext, WriteAsync);

    private async Task WriteAsync(XmlWriter xml, CancellationToken cancellationToken)
    {
        var marks = answers.MarksOf(job);
        marks = stored && !marks.Stored ? marks with { Stored = true, Status = true } : marks;
        var process = answers.ProcessOf(job);
        xml.WriteStartElement("wps", "ExecuteResponse", WpsNames.Wps1);
        xml.WriteAttributeString("xmlns", "ows", null, OwsNames.Ows1);
        xml.WriteAttributeString("xmlns", "xlink", null, OwsNames.XLink);
        xml.WriteAttributeString("xmlns", "xs", null, "http://www.w3.org/2001/XMLSchema");
        xml.WriteAttributeString("xmlns", "xsi", null, OwsNames.Xsi);
        xml.WriteAttributeString("xsi", "schemaLocation", OwsNames.Xsi, CapabilitiesWriter.SchemaLocation(WpsVersion.V100, "wpsExecute_response.xsd"));
        xml.WriteAttributeString("service", "WPS");
        xml.WriteAttributeString("version", "1.0.0");
        xml.WriteAttributeString("xml", "lang", OwsNames.Xml, OwsNames.Language);
        xml.WriteAttributeString("serviceInstance", $"{baseAddress}wps?service=WPS&request=GetCapabilities");
        if (marks.Stored)
        {
            xml.WriteAttributeString("statusLocation", WpsAnswers.StatusLocation(baseAddress, job.Id));
        }

        xml.WriteStartElement("wps", "Process", WpsNames.Wps1);
        xml.WriteAttributeString("wps", "processVersion", WpsNames.Wps1, process?.Version ?? "0");
        Descriptions.Brief100(xml, job.ProcessId, process?.Title ?? job.ProcessId, process?.Description);
        xml.WriteEndElement();
        Status(xml, marks);
        if (marks.Lineage && process is not null)
        {
            await answers.LineageAsync(xml, job, process, cancellationToken);
        }

        if (job.State.Status == JobStatus.Successful)
        {
            await OutputsAsync(xml, process, marks, cancellationToken);
        }

        await xml.WriteEndElementAsync();
    }

    private void Status(XmlWriter xml, WpsMarks marks)
    {
        xml.WriteStartElement("wps", "Status", WpsNames.Wps1);
        xml.WriteAttributeString("creationTime", StatusInfo.Time(job.Updated));
        switch (job.State.Status)
        {
            case JobStatus.Running when marks.Status || !marks.Stored:
                xml.WriteStartElement("wps", "ProcessStarted", WpsNames.Wps1);
                xml.WriteAttributeString("percentCompleted", ((int)Math.Clamp(job.Progress, 0, 99)).ToString(CultureInfo.InvariantCulture));
                xml.WriteString(XmlLetters.Clean(job.Message ?? "The process is running."));
                xml.WriteEndElement();
                break;
            case JobStatus.Accepted or JobStatus.Running:
                // Without status=true the document says no more until the end.
                xml.WriteElementString("wps", "ProcessAccepted", WpsNames.Wps1, "The request was accepted.");
                break;
            case JobStatus.Successful:
                xml.WriteElementString("wps", "ProcessSucceeded", WpsNames.Wps1, XmlLetters.Clean(job.Message ?? "The process has ended with results."));
                break;
            case JobStatus.Failed or JobStatus.Dismissed:
                xml.WriteStartElement("wps", "ProcessFailed", WpsNames.Wps1);
                ExceptionReport.Write(xml, OwsNames.Ows1, answers.FaultsOf(job, WpsVersion.V100));
                xml.WriteEndElement();
                break;
        }

        xml.WriteEndElement();
    }

    private async Task OutputsAsync(XmlWriter xml, ProcessDescription? process, WpsMarks marks, CancellationToken cancellationToken)
    {
        var items = ResultsAnswers.Select(job, WantedResults.Read(job.Request.Json));
        if (items.Count == 0)
        {
            return;
        }

        var addresses = new OutputAddresses(baseAddress, job.Id);
        await xml.WriteStartElementAsync("wps", "ProcessOutputs", WpsNames.Wps1);
        foreach (var (value, href) in WpsAnswers.Each(items, addresses))
        {
            var output = process?.FindOutput(value.Id);
            await xml.WriteStartElementAsync("wps", "Output", WpsNames.Wps1);
            Descriptions.Brief100(xml, value.Id, output?.Title ?? value.Id, output?.Description);
            if (href is not null)
            {
                xml.WriteStartElement("wps", "Reference", WpsNames.Wps1);
                xml.WriteAttributeString("href", href);
                xml.WriteAttributeString("mimeType", OutputForm.MediaTypeOf(value));
                xml.WriteEndElement();
            }
            else
            {
                await answers.Values(xml, WpsVersion.V100).DataAsync(value, WpsAnswers.FormOf(output), marks.InBase64.Contains(value.Id), cancellationToken);
            }

            await xml.WriteEndElementAsync();
        }

        await xml.WriteEndElementAsync();
    }
}
