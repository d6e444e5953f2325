using GeoWps.Adapters.Http.Processes;
using Microsoft.Extensions.Primitives;

namespace GeoWps.Tests.Unit.Http;

public sealed class PreferTests
{
    [Theory]
    [InlineData("respond-async")]
    [InlineData(" Respond-Async ")]
    [InlineData("respond-sync, respond-async")]
    [InlineData("handling=lenient;x=\"a, respond-sync\", respond-async;foo=bar")]
    public void A_job_at_once_is_asked_for_in_any_of_the_ways_of_RFC_7240(string header) => Prefer.Read(header).RespondAsync.ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("respond-sync")]
    [InlineData("x=\"respond-async\"")]
    [InlineData("x=\"a, respond-async\"")]
    public void What_only_looks_like_it_is_ignored(string header) => Prefer.Read(header).RespondAsync.ShouldBeFalse();

    [Fact]
    public void Several_headers_count_as_one()
    {
        var prefer = Prefer.Read(new StringValues(["respond-async", "wait=5"]));

        prefer.ShouldBe(new Prefer(true, TimeSpan.FromSeconds(5)));
        prefer.Applied().ShouldBe("respond-async, wait=5");
    }

    [Theory]
    [InlineData("wait=10", 10)]
    [InlineData("WAIT = \"10\"", 10)]
    [InlineData("wait=10, wait=20", 10)]
    [InlineData("wait=999999999999", 60)]
    public void The_first_wait_counts_up_to_a_minute(string header, int seconds) => Prefer.Read(header).Wait.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("wait=soon")]
    [InlineData("wait=-1")]
    [InlineData("wait")]
    public void A_wait_that_is_no_number_is_no_wait(string header) => Prefer.Read(header).Wait.ShouldBeNull();
}
