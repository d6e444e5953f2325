using GeoWps.Domain.Time;

namespace GeoWps.Tests.Unit.Http;

public sealed class TimeIntervalTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_instant_is_all_that_its_precision_covers()
    {
        Read("2026-01-02T12:00:00Z").ShouldBe(new TimeInterval(Noon, Noon.AddSeconds(1).AddTicks(-1)));
        Read("2026-01-02T12:00:00.0Z").ShouldBe(new TimeInterval(Noon, Noon));
        Read("2026-01-02").ShouldBe(new TimeInterval(Noon.AddHours(-12), Noon.AddHours(12).AddTicks(-1)));
    }

    [Theory]
    [InlineData("../2026-01-02T12:00:00.5Z")]
    [InlineData("/2026-01-02T12:00:00.5Z")]
    public void An_interval_may_begin_at_any_time(string text) => Read(text).ShouldBe(new TimeInterval(null, Noon.AddMilliseconds(500)));

    [Theory]
    [InlineData("2026-01-02T12:00:00Z/..")]
    [InlineData("2026-01-02T13:00:00+01:00/")]
    [InlineData("2026-01-02T13:00:00 01:00/..")]
    [InlineData("2026-01-02t12:00:00z/..")]
    public void An_interval_may_have_no_end(string text) => Read(text).ShouldBe(new TimeInterval(Noon, null));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2020-13-45T00:00:00Z")]
    [InlineData("2021-01-01T00:00:00Z/2022-01-01T00:00:00Z/x")]
    [InlineData("2021-01-01T00:00:00Z/2020-01-01T00:00:00Z")]
    [InlineData("")]
    [InlineData("..")]
    public void What_is_no_time_is_refused(string text) => TimeInterval.TryParse(text, out _).ShouldBeFalse();

    private static TimeInterval Read(string text)
    {
        TimeInterval.TryParse(text, out var interval).ShouldBeTrue();
        return interval;
    }
}
