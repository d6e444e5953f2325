using System.Text;
using FsCheck;
using FsCheck.Fluent;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Files;
using GeoWps.Domain.Uploads;

namespace GeoWps.Tests.Unit.Uploads;

public sealed class UploadTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    [Fact]
    public void An_upload_receives_is_all_here_and_becomes_a_file()
    {
        var upload = Of(length: 5);
        upload.State.ShouldBe(new UploadState.Receiving(5, 0));
        upload.Store(Now).ShouldBeNull();
        upload.Joined("x").ShouldBeNull();

        upload = upload.Advance(3, Now.AddMinutes(1), Life).Advance(2, Now.AddMinutes(2), Life);
        upload.State.ShouldBe(new UploadState.Received(5, null));
        upload.IsDue.ShouldBeTrue();
        upload.Expires.ShouldBe(Now.AddMinutes(2) + Life);
        Should.Throw<InvalidOperationException>(() => upload.Advance(1, Now, Life));

        var stored = upload.Joined("tag")!.Store(Now)!;
        (stored.State, stored.Offset, stored.Length, stored.IsDue).ShouldBe((new UploadState.Stored(5, Now), 5, 5, false));
        stored.Store(Now).ShouldBeNull();
    }

    [Fact]
    public void A_length_is_said_once_and_not_less_than_is_here()
    {
        var upload = Of(length: null).Advance(3, Now, Life);

        upload.Length.ShouldBeNull();
        upload.Declare(2).ShouldBeNull();
        upload.Declare(3)!.State.ShouldBe(new UploadState.Received(3, null));
        var said = upload.Declare(5)!;
        said.Declare(5).ShouldBe(said);
        said.Declare(6).ShouldBeNull();
    }

    [Fact]
    public void Nothing_is_all_here_at_once_and_a_part_stays_what_it_is()
    {
        Of(length: 0).IsDue.ShouldBeTrue();
        var part = Upload.Begin(UploadId.New(), null, target: null, 0, "", Now, Life);
        (part.Kind, part.State, part.IsDue).ShouldBe((UploadKind.Part, new UploadState.Received(0, null), false));
        part.Store(Now).ShouldBeNull();
    }

    [Fact]
    public void Only_parts_that_are_all_here_are_joined()
    {
        var part = Upload.Begin(UploadId.New(), null, target: null, 4, "", Now, Life);
        var (whole, target) = (part.Advance(4, Now, Life), Of(1).Target!);

        Join(whole, whole)!.State.ShouldBe(new UploadState.Received(8, null));
        Join(whole, part).ShouldBeNull();
        Join(whole, Of(length: 0)).ShouldBeNull();
        Join().ShouldBeNull();

        Upload? Join(params Upload[] parts) => Upload.Join(UploadId.New(), null, target, parts, "", Now, Life);
    }

    [Fact]
    public void However_an_upload_is_cut_its_offset_is_the_sum_and_never_more_than_its_length()
    {
        var cuts = Gen.Choose(0, 40).ListOf().Select(list => list.ToArray()).ToArbitrary();
        Prop.ForAll(
            cuts,
            steps =>
            {
                var length = steps.Sum();
                var (known, later) = (Of(length), Of(null));
                var sum = 0;
                foreach (var step in steps.TakeWhile(_ => known.State.Status == UploadStatus.Receiving))
                {
                    (known, later, sum) = (known.Advance(step, Now, Life), later.Advance(step, Now, Life), sum + step);
                    if (known.Offset != sum || later.Offset != sum || known.IsDue != (sum == length) || later.IsDue)
                    {
                        return false;
                    }
                }

                return known.IsDue && later.Declare(length)!.IsDue && later.Declare(length + 1) is { IsDue: false };
            }).Check(Config.QuickThrowOnFailure);
    }

    [Theory]
    [InlineData("", "00000000")]
    [InlineData("123456789", "cbf43926")]
    [InlineData("The quick brown fox jumps over the lazy dog", "414fa339")]
    public void The_cyclic_redundancy_check_is_that_of_the_standard(string text, string sum)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var crc = new Crc32();
            crc.Add(bytes.AsSpan(0, cut));
            crc.Add(bytes.AsSpan(cut));
            Convert.ToHexStringLower(crc.BigEndian()).ShouldBe(sum);
        }
    }

    private static Upload Of(long? length)
    {
        FilePath.TryParse("a", out var path, out _).ShouldBeTrue();
        return Upload.Begin(UploadId.New(), "anna", new UploadTarget(path!, null, false, null), length, "", Now, Life);
    }
}
