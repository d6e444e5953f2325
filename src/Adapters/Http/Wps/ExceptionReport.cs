using System.Xml;
using GeoWps.Adapters.Http.Answers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Wps;

/// <summary><c>ows:ExceptionReport</c>: of OWS Common 1.1 for WPS 1.0.0, of 2.0 for WPS 2.0.0.</summary>
internal sealed class ExceptionReport(WpsVersion version, IReadOnlyList<WpsFault> faults) : IResult
{
    public TimeSpan? RetryAfter { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (RetryAfter is { } wait)
        {
            httpContext.Response.ComeBackAfter(wait);
        }

        return new XmlAnswer(xml => Write(xml, version, faults)) { Status = faults[0].Status }.ExecuteAsync(httpContext);
    }

    public static void Write(XmlWriter xml, WpsVersion version, IReadOnlyList<WpsFault> faults)
    {
        xml.WriteStartElement("ows", "ExceptionReport", version.Ows());
        xml.WriteAttributeString("version", version == WpsVersion.V100 ? "1.1.0" : "2.0.0");
        xml.WriteAttributeString("xml", "lang", WpsNames.Xml, WpsNames.Language);
        foreach (var fault in faults)
        {
            xml.WriteStartElement("ows", "Exception", version.Ows());
            xml.WriteAttributeString("exceptionCode", fault.Code);
            if (fault.Locator is { Length: > 0 } locator)
            {
                xml.WriteAttributeString("locator", XmlText.Clean(locator));
            }

            xml.WriteElementString("ows", "ExceptionText", version.Ows(), XmlText.Clean(fault.Text));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }
}

/// <summary>What breaks while WPS is answered is told in the form of WPS.</summary>
internal sealed class ExceptionReports(WpsVersion version) : IProblemForm
{
    public IResult Of(Problem problem)
    {
        var code = problem.Status == StatusCodes.Status503ServiceUnavailable && version == WpsVersion.V100 ? "ServerBusy" : "NoApplicableCode";
        return new ExceptionReport(version, [new WpsFault(code, null, problem.Detail, problem.Status)]) { RetryAfter = problem.RetryAfter };
    }
}
