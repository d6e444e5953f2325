using GeoWps.Domain.Jobs;

namespace GeoWps.Tests.Unit.Jobs;

public sealed class JobIdTests
{
    [Fact]
    public void Ids_sort_by_the_time_of_their_making()
    {
        var earlier = JobId.New(DateTimeOffset.UnixEpoch.AddDays(20_000));
        var later = JobId.New(DateTimeOffset.UnixEpoch.AddDays(20_000).AddMilliseconds(1));

        string.CompareOrdinal(earlier.Value, later.Value).ShouldBeLessThan(0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../../../../etc/passwd/aaaaaaaaaa")]
    [InlineData("0190A1B2C3D47E5F8A9B0C1D2E3F4A5B")]
    public void What_is_no_id_is_the_id_of_no_job(string? text) => JobId.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void An_id_reads_back()
    {
        var id = JobId.New(DateTimeOffset.UnixEpoch);

        JobId.TryParse(id.ToString(), out var again).ShouldBeTrue();
        again.ShouldBe(id);
    }
}
