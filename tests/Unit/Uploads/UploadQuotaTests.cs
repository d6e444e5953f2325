using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Application.Uploads;

namespace GeoWps.Tests.Unit.Uploads;

/// <summary>Uploads take their room from the beginning on; the quota of an owner is 60 MiB here.</summary>
public sealed class UploadQuotaTests(UploadHost host) : IClassFixture<UploadHost>
{
    private const int Mebibyte = 1 << 20;

    [Fact]
    public async Task What_is_announced_counts_until_it_is_removed_or_its_time_is_over()
    {
        var anna = await OfAsync("anna");
        using var first = await CreateAsync(anna, 35);
        ((int)first.StatusCode).ShouldBe(201);
        using var second = await CreateAsync(anna, 30);
        ((int)second.StatusCode).ShouldBe(507);
        (await second.Content.ReadAsStringAsync()).ShouldContain($"{35 * Mebibyte} bytes are used");
        using var others = await CreateAsync(await OfAsync("bob"), 30);
        ((int)others.StatusCode).ShouldBe(201);

        using var ended = await host.SendAsync(HttpMethod.Delete, first.Headers.Location!.ToString(), null, anna);
        ((int)ended.StatusCode).ShouldBe(204);
        using var third = await CreateAsync(anna, 30);
        ((int)third.StatusCode).ShouldBe(201);
        (await host.Get<IUploadStore>().RemoveExpiredAsync(DateTimeOffset.UtcNow.AddDays(30), 100, CancellationToken.None)).ShouldNotBeEmpty();
        using var fourth = await CreateAsync(anna, 35);
        ((int)fourth.StatusCode).ShouldBe(201);
    }

    [Fact]
    public async Task Of_several_that_begin_at_once_no_more_stay_than_there_is_room_for()
    {
        var carl = await OfAsync("carl");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => CreateAsync(carl, 25)));

        answers.Count(answer => (int)answer.StatusCode == 201).ShouldBeLessThanOrEqualTo(2);
        answers.ShouldAllBe(answer => (int)answer.StatusCode == 201 || (int)answer.StatusCode == 507);
        (await host.Get<IUploadStore>().ListAsync(new Caller("carl", Rights.Files), 10, CancellationToken.None)).Count.ShouldBe(answers.Count(answer => (int)answer.StatusCode == 201));
    }

    [Fact]
    public async Task Parts_count_and_what_is_made_of_them_does_not_count_again()
    {
        var dora = await OfAsync("dora");
        var parts = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var part = await host.SendAsync(HttpMethod.Post, "uploads", new byte[18 * Mebibyte], ("Upload-Length", $"{18 * Mebibyte}"), ("Upload-Concat", "partial"), dora);
            ((int)part.StatusCode).ShouldBe(201, await part.Content.ReadAsStringAsync());
            parts.Add(part.Headers.Location!.ToString());
        }

        using var more = await host.SendAsync(HttpMethod.Post, "uploads", null, ("Upload-Length", $"{25 * Mebibyte}"), ("Upload-Concat", "partial"), dora);
        ((int)more.StatusCode).ShouldBe(507);
        using var whole = await host.SendAsync(HttpMethod.Post, "uploads", null, ("Upload-Concat", $"final;{string.Join(' ', parts)}"), ("Upload-Metadata", UploadHost.Metadata("dora/whole")), dora);
        ((int)whole.StatusCode).ShouldBe(201, await whole.Content.ReadAsStringAsync());

        (await host.Get<IFileIndex>().UseAsync("dora", CancellationToken.None)).OfOwner.ShouldBe(36 * Mebibyte);
        using var fits = await CreateAsync(dora, 24);
        ((int)fits.StatusCode).ShouldBe(201);
    }

    [Fact]
    public async Task An_upload_of_unknown_length_grows_as_long_as_there_is_room()
    {
        var emil = await OfAsync("emil");
        using var there = await CreateAsync(emil, 38);
        using var begun = await host.SendAsync(HttpMethod.Post, "uploads", null, ("Upload-Defer-Length", "1"), ("Upload-Metadata", UploadHost.Metadata("emil/grows")), emil);
        var upload = begun.Headers.Location!.ToString();

        using var fits = await host.AppendAsync(upload, 0, new byte[10 * Mebibyte], emil);
        ((int)fits.StatusCode).ShouldBe(204);
        using var announced = await host.AppendAsync(upload, 10 * Mebibyte, new byte[13 * Mebibyte], emil);
        ((int)announced.StatusCode).ShouldBe(507);
        (await announced.Content.ReadAsStringAsync()).ShouldContain("60 MiB of one owner leaves room for");

        // Nothing says how much comes: what has room is kept.
        using var unannounced = await host.AppendAsync(upload, 10 * Mebibyte, new byte[13 * Mebibyte], emil, ("Transfer-Encoding", "chunked"));
        ((int)unannounced.StatusCode).ShouldBe(507);
        var offset = await OffsetAsync(upload, emil);
        offset.ShouldBeInRange(18 * Mebibyte, 22 * Mebibyte);

        using var tooLong = await host.AppendAsync(upload, offset, [], emil, ("Upload-Length", $"{23 * Mebibyte}"));
        ((int)tooLong.StatusCode).ShouldBe(507);
        using var whole = await host.AppendAsync(upload, offset, new byte[(22 * Mebibyte) - offset], emil, ("Upload-Length", $"{22 * Mebibyte}"));
        ((int)whole.StatusCode).ShouldBe(204, await whole.Content.ReadAsStringAsync());
        (await host.FileAsync("emil/grows"))!.Length.ShouldBe(22 * Mebibyte);
        using var none = await CreateAsync(emil, 1);
        ((int)none.StatusCode).ShouldBe(507);
    }

    [Fact]
    public void An_upload_is_no_larger_than_a_file_may_be()
    {
        // The host has Uploads:MaxMb more than Files:MaxFileMb.
        var limit = host.Get<UploadLimit>();
        (limit.MostBytes, limit.IsOfFiles).ShouldBe(((long)UploadHost.MaxMb * Mebibyte, true));
    }

    private async Task<(string Name, string Value)> OfAsync(string name) => ("Authorization", $"Bearer {await host.TokenOfAsync(name)}");

    private Task<HttpResponseMessage> CreateAsync((string Name, string Value) caller, int megabytes) => host.SendAsync(
        HttpMethod.Post, "uploads", null, ("Upload-Length", $"{(long)megabytes * Mebibyte}"), ("Upload-Metadata", UploadHost.Metadata($"{Guid.NewGuid()}")), caller);

    private async Task<long> OffsetAsync(string upload, (string Name, string Value) caller)
    {
        using var answer = await host.SendAsync(HttpMethod.Head, upload, null, caller);
        return long.Parse(answer.Headers.GetValues("Upload-Offset").Single(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
