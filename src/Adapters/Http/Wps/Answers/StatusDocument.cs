using System.Globalization;
using System.Xml;
using GeoWps.Adapters.Http.Jobs;
using GeoWps.Adapters.Http.Ows;
using GeoWps.Adapters.Http.Wps.Documents;
using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Http.Wps.Answers;

/// <summary><c>wps:StatusInfo</c> of 2.0: 14-065, clause 9.6; with the state that the Dismiss extension adds.</summary>
internal static class StatusDocument
{
    private static readonly TimeSpan PollPause = TimeSpan.FromSeconds(1);

    public static void Write(XmlWriter xml, Job job, DateTimeOffset? expiration, DateTimeOffset now)
    {
        xml.WriteStartElement("wps", "StatusInfo", WpsNames.Wps2);
        xml.WriteAttributeString("xmlns", "xsi", null, OwsNames.Xsi);
        xml.WriteAttributeString("xsi", "schemaLocation", OwsNames.Xsi, CapabilitiesWriter.SchemaLocation(WpsVersion.V200));
        xml.WriteElementString("wps", "JobID", WpsNames.Wps2, job.Id.Value);
        xml.WriteElementString("wps", "Status", WpsNames.Wps2, NameOf(job.State.Status));
        if (expiration is { } removed)
        {
            xml.WriteElementString("wps", "ExpirationDate", WpsNames.Wps2, StatusInfo.Time(removed));
        }

        if (!job.State.HasEnded)
        {
            xml.WriteElementString("wps", "NextPoll", WpsNames.Wps2, StatusInfo.Time(now + PollPause));
        }

        xml.WriteElementString("wps", "PercentCompleted", WpsNames.Wps2, StatusInfo.ProgressOf(job).ToString(CultureInfo.InvariantCulture));
        xml.WriteEndElement();
    }

    private static string NameOf(JobStatus status) => status switch
    {
        JobStatus.Accepted => "Accepted",
        JobStatus.Running => "Running",
        JobStatus.Successful => "Succeeded",
        JobStatus.Failed => "Failed",
        JobStatus.Dismissed => "Dismissed",
    };
}
