using System.Xml;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Results;
using GeoWps.Adapters.Http.Wps.Documents;
using GeoWps.Domain.Jobs;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Wps.Answers;

/// <summary><c>wps:Result</c> of 2.0: 14-065, clause 9.8.5. The same at once and by GetResult.</summary>
internal sealed class ResultDocument(WpsAnswers answers, Job job, string baseAddress) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => XmlStream.WriteAsync(httpContext, WriteAsync);

    private async Task WriteAsync(XmlWriter xml, CancellationToken cancellationToken)
    {
        var (marks, process, addresses) = (answers.MarksOf(job), answers.ProcessOf(job), new OutputAddresses(baseAddress, job.Id));
        xml.WriteStartElement("wps", "Result", WpsNames.Wps2);
        xml.WriteAttributeString("xmlns", "ows", null, OwsNames.Ows2);
        xml.WriteAttributeString("xmlns", "xlink", null, OwsNames.XLink);
        xml.WriteAttributeString("xmlns", "xsi", null, OwsNames.Xsi);
        xml.WriteAttributeString("xsi", "schemaLocation", OwsNames.Xsi, CapabilitiesWriter.SchemaLocation(WpsVersion.V200));
        xml.WriteElementString("wps", "JobID", WpsNames.Wps2, job.Id.Value);
        if (answers.ExpirationOf(job) is { } expiration)
        {
            xml.WriteElementString("wps", "ExpirationDate", WpsNames.Wps2, StatusInfo.Time(expiration));
        }

        foreach (var (value, href) in WpsAnswers.Each(ResultsAnswers.Select(job, WantedResults.Read(job.Request.Json)), addresses))
        {
            await xml.WriteStartElementAsync("wps", "Output", WpsNames.Wps2);
            xml.WriteAttributeString("id", value.Id);
            if (href is not null)
            {
                xml.WriteStartElement("wps", "Reference", WpsNames.Wps2);
                xml.WriteAttributeString("xlink", "href", OwsNames.XLink, href);
                xml.WriteAttributeString("mimeType", OutputForm.MediaTypeOf(value));
                xml.WriteEndElement();
            }
            else
            {
                await answers.Values(xml, WpsVersion.V200).DataAsync(value, WpsAnswers.FormOf(process?.FindOutput(value.Id)), marks.InBase64.Contains(value.Id), cancellationToken);
            }

            await xml.WriteEndElementAsync();
        }

        await xml.WriteEndElementAsync();
    }
}
