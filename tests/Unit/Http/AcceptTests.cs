using GeoWps.Adapters.Http.Answers;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Tests.Unit.Http;

public sealed class AcceptTests
{
    [Theory]
    [InlineData("application/json", "application/json")]
    [InlineData("text/html, application/json;q=0.9", "application/json")]
    [InlineData("application/json, application/problem+json", "application/problem+json")]
    [InlineData("*/*", "application/problem+json")]
    [InlineData("", "application/problem+json")]
    [InlineData("application/xml", "application/problem+json")]
    [InlineData("application/json;q=0", "application/problem+json")]
    public void Problems_are_plain_JSON_only_for_who_names_that_alone(string accept, string contentType) =>
        Accept.ForProblems(Asking(accept)).ShouldBe(contentType);

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("application/*", true)]
    [InlineData("application/json, text/plain", false)]
    [InlineData("application/json, */*;q=0.1", false)]
    [InlineData("application/json, text/*", false)]
    [InlineData("", false)]
    [InlineData("text/plain", false)]
    public void Only_JSON_is_taken_by_who_takes_no_text(string accept, bool expected) => Accept.OnlyJson(Asking(accept)).ShouldBe(expected);

    [Theory]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true)]
    [InlineData("application/json", false)]
    [InlineData("application/json, text/html;q=0.5", false)]
    [InlineData("*/*", false)]
    [InlineData("", false)]
    [InlineData("nonsense", false)]
    public void A_browser_prefers_the_page(string accept, bool expected) => Accept.Prefers(Asking(accept), "text/html", "application/json").ShouldBe(expected);

    private static HttpRequest Asking(string accept)
    {
        var request = new DefaultHttpContext().Request;
        if (accept.Length > 0)
        {
            request.Headers.Accept = accept;
        }

        return request;
    }
}
