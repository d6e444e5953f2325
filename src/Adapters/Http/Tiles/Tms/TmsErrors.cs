using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Ows;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Tiles.Tms;

/// <summary><c>TileMapServerError</c>: what went wrong, as TMS 1.0.0 tells it.</summary>
internal sealed class TmsErrors : IProblemForm
{
    public IResult Of(Problem problem) => new Error(problem);

    private sealed class Error(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (problem.RetryAfter is { } wait)
            {
                httpContext.Response.ComeBackAfter(wait);
            }

            return new XmlAnswer(xml =>
            {
                xml.WriteStartElement("TileMapServerError");
                xml.WriteElementString("Message", XmlLetters.Clean(problem.Detail));
                xml.WriteEndElement();
            }) { Status = problem.Status }.ExecuteAsync(httpContext);
        }
    }
}
