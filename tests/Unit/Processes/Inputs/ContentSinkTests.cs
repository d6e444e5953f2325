using System.Text;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Inputs;

namespace GeoWps.Tests.Unit.Processes.Inputs;

public sealed class ContentSinkTests
{
    [Fact]
    public async Task Base64_in_any_pieces_is_the_same_bytes()
    {
        var random = new Random(1);
        for (var length = 0; length < 200; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var text = Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks));

            for (var piece = 1; piece < 9; piece++)
            {
                await ShouldBecomeAsync(bytes, text, piece, isBase64: true);
            }

            await ShouldBecomeAsync(bytes, text, text.Length + 1, isBase64: true);
        }
    }

    [Theory]
    [InlineData("TWF")]
    [InlineData("TWFuT")]
    [InlineData("TW=u")]
    [InlineData("TWE=TWFu")]
    [InlineData("T W F u")]
    [InlineData("TWFu TWFu")]
    [InlineData("TWF\tTWF")]
    [InlineData("TW-_")]
    [InlineData("TWFuTWFu!")]
    [InlineData("====")]
    public async Task What_is_no_base64_is_refused_in_any_pieces(string text)
    {
        for (var piece = 1; piece <= text.Length; piece++)
        {
            (await WriteAsync(Encoding.ASCII.GetBytes(text), piece, 1000, isBase64: true)).Refusal.ShouldBe("must be base64", $"pieces of {piece}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Not_a_byte_more_than_allowed_is_passed_on(bool isBase64)
    {
        var bytes = new byte[1000];
        var text = isBase64 ? Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes)) : bytes;

        await ShouldBecomeAsync(bytes, text, 7, isBase64);
        var (content, refusal) = await WriteAsync(text, 7, 999, isBase64);
        refusal.ShouldBe("is larger than 999 bytes");
        content.Length.ShouldBeLessThanOrEqualTo(999);
    }

    [Theory]
    [InlineData(false, 1000, 0)]
    [InlineData(false, 999, 0)]
    [InlineData(true, 1000, 0)]
    [InlineData(true, 999, 999)]
    public async Task A_blob_is_taken_as_a_whole_or_refused_before_its_first_byte(bool isBase64, long most, long atMost)
    {
        var bytes = new byte[1000];
        var stored = isBase64 ? Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes)) : bytes;
        using var destination = new MemoryStream();
        await using var sink = new ContentSink(destination, most, isBase64);
        await using var blob = new Blob(new BlobInfo("k", "x/y", stored.Length, "tag", default), new MemoryStream(stored));
        if (most < bytes.Length)
        {
            await Should.ThrowAsync<InvalidDataException>(TakeAsync());
            sink.Refusal.ShouldBe("is larger than 999 bytes");
            destination.Length.ShouldBeLessThanOrEqualTo(atMost);
            return;
        }

        await TakeAsync();
        destination.ToArray().ShouldBe(bytes);
        sink.Written.ShouldBe(bytes.Length);

        async Task TakeAsync()
        {
            await sink.TakeAsync(blob, CancellationToken.None);
            await sink.FinishAsync(CancellationToken.None);
        }
    }

    private static async Task ShouldBecomeAsync(byte[] bytes, byte[] text, int piece, bool isBase64)
    {
        var (content, refusal) = await WriteAsync(text, piece, 1000, isBase64);
        refusal.ShouldBeNull();
        content.ShouldBe(bytes);
    }

    private static async Task<(byte[] Content, string? Refusal)> WriteAsync(byte[] text, int piece, long most, bool isBase64)
    {
        using var destination = new MemoryStream();
        await using var sink = new ContentSink(destination, most, isBase64);
        try
        {
            for (var at = 0; at < text.Length; at += piece)
            {
                await sink.WriteAsync(text.AsMemory(at, Math.Min(piece, text.Length - at)));
            }

            await sink.FinishAsync(CancellationToken.None);
            sink.Written.ShouldBe(destination.Length);
            sink.Refusal.ShouldBeNull();
        }
        catch (InvalidDataException)
        {
            sink.Refusal.ShouldNotBeNull();
        }

        return (destination.ToArray(), sink.Refusal);
    }
}
