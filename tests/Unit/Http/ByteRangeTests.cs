using GeoWps.Adapters.Http.Results;

namespace GeoWps.Tests.Unit.Http;

public sealed class ByteRangeTests
{
    [Theory]
    [InlineData("bytes=0-9", 0, 10)]
    [InlineData("bytes=90-", 90, 10)]
    [InlineData("bytes=-5", 95, 5)]
    [InlineData("bytes=-500", 0, 100)]
    [InlineData("bytes=50-500", 50, 50)]
    [InlineData("bytes=99-99", 99, 1)]
    public void A_range_is_cut_to_the_content(string header, long offset, long length) =>
        ByteRange.Read(header, 100).ShouldBe(new ByteRange(offset, length));

    [Theory]
    [InlineData("bytes=100-")]
    [InlineData("bytes=-0")]
    public void A_range_outside_the_content_can_not_be_had(string header) => ByteRange.Read(header, 100).ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("lines=0-9")]
    [InlineData("bytes=0-1,4-5")]
    [InlineData("nonsense")]
    public void What_is_no_single_range_of_bytes_gives_the_whole(string header) => ByteRange.Read(header, 100).ShouldBe(ByteRange.Whole(100));

    [Fact]
    public void Nothing_at_all_is_the_whole_of_empty_content() => ByteRange.Read(default, 0).ShouldBe(new ByteRange(0, 0));
}
