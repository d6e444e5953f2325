using GeoWps.Domain.Caching;

namespace GeoWps.Tests.Unit.Caching;

public sealed class EvictionSharesTests
{
    [Theory]
    [InlineData(new long[] { 100 }, 30, new long[] { 30 })]
    [InlineData(new long[] { 100, 40 }, 30, new long[] { 30, 0 })]
    [InlineData(new long[] { 100, 40 }, 60, new long[] { 60, 0 })]
    [InlineData(new long[] { 100, 40 }, 80, new long[] { 70, 10 })]
    [InlineData(new long[] { 100, 100, 10 }, 120, new long[] { 60, 60, 0 })]
    [InlineData(new long[] { 100, 100, 10 }, 210, new long[] { 100, 100, 10 })]
    [InlineData(new long[] { 100, 100, 10 }, 1000, new long[] { 100, 100, 10 })]
    [InlineData(new long[] { 10, 10, 10 }, 10, new long[] { 4, 4, 4 })]
    [InlineData(new long[] { }, 10, new long[] { })]
    public void The_largest_give_first(long[] sizes, long bytes, long[] shares) => EvictionShares.Of(sizes, bytes).ShouldBe(shares);

    [Fact]
    public void What_is_left_is_level()
    {
        var random = new Random(7);
        for (var i = 0; i < 1_000; i++)
        {
            long[] sizes = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => (long)random.Next(1_000)).OrderDescending()];
            var bytes = random.NextInt64(0, sizes.Sum() + 1);

            var shares = EvictionShares.Of(sizes, bytes);

            shares.Sum().ShouldBeInRange(bytes, bytes + sizes.Length);
            var most = sizes.Zip(shares, (size, share) => size - share).Max();
            sizes.Zip(shares).ShouldAllBe(part => part.Second == 0 || part.First - part.Second == most);
        }
    }
}
