using GeoWps.Adapters.Http.Answers;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Pages;

/// <summary>What went wrong, for who looks at it in a browser.</summary>
internal static class ProblemPage
{
    public static IResult Of(Problem problem, string baseAddress) => new Page(problem.Title, baseAddress, [], []).Answer(
        html =>
        {
            if (problem.Mistakes.Count == 0)
            {
                html.Element("p", problem.Detail);
            }
            else
            {
                Write(html, problem.Mistakes);
            }

            html.Element("p", $"HTTP {problem.Status}{(problem.Reference is { } reference ? $", reference {reference}" : "")}", ("class", "soft"));
        },
        problem.Status);

    public static void Write(HtmlWriter html, IReadOnlyList<Mistake> mistakes) => html.Element("ul", () =>
    {
        foreach (var mistake in mistakes)
        {
            html.Element("li", mistake.ToString());
        }
    });
}
