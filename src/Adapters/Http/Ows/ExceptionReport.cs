using System.Xml;
using GeoWps.Adapters.Http.Answers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Ows;

/// <summary><c>ows:ExceptionReport</c> of OWS Common 1.1 or 2.0.</summary>
/// <param name="ows">The namespace of the OWS Common that the service builds on.</param>
/// <param name="faults">At least one; the first one's status is that of the answer.</param>
internal sealed class ExceptionReport(string ows, IReadOnlyList<OwsFault> faults) : IResult
{
    public TimeSpan? RetryAfter { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (RetryAfter is { } wait)
        {
            httpContext.Response.ComeBackAfter(wait);
        }

        return new XmlAnswer(xml => Write(xml, ows, faults)) { Status = faults[0].Status }.ExecuteAsync(httpContext);
    }

    public static void Write(XmlWriter xml, string ows, IReadOnlyList<OwsFault> faults)
    {
        xml.WriteStartElement("ows", "ExceptionReport", ows);
        xml.WriteAttributeString("version", ows == OwsNames.Ows1 ? "1.1.0" : "2.0.0");
        xml.WriteAttributeString("xml", "lang", OwsNames.Xml, OwsNames.Language);
        foreach (var fault in faults)
        {
            xml.WriteStartElement("ows", "Exception", ows);
            xml.WriteAttributeString("exceptionCode", fault.Code);
            if (fault.Locator is { Length: > 0 } locator)
            {
                xml.WriteAttributeString("locator", XmlLetters.Clean(locator));
            }

            xml.WriteElementString("ows", "ExceptionText", ows, XmlLetters.Clean(fault.Text));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }
}

/// <summary>What breaks while such a service answers is told in its form.</summary>
/// <param name="ows">The namespace of its OWS Common.</param>
/// <param name="busy">The service's code for "later".</param>
internal sealed class ExceptionReports(string ows, string busy = "NoApplicableCode") : IProblemForm
{
    public IResult Of(Problem problem)
    {
        var fault = OwsFault.Other(problem.Detail, problem.Status);
        return new ExceptionReport(ows, [problem.Status == StatusCodes.Status503ServiceUnavailable ? fault with { Code = busy } : fault]) { RetryAfter = problem.RetryAfter };
    }
}
