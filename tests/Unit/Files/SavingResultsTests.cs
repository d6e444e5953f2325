using System.Text;
using System.Text.Json;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Security;
using GeoWps.Domain.Processes;

namespace GeoWps.Tests.Unit.Files;

public sealed class SavingResultsTests
{
    private const string Key = "jobs/1/1/OUTPUT.geojson";

    private static readonly OutputValue Literal = new OutputValue.Literal("COUNT", JsonElement.Parse("12"));

    [Fact]
    public async Task A_result_is_the_callers_file_and_outlives_its_job()
    {
        using var rig = new FileRig();
        var result = await ResultAsync(rig, "{}");

        var done = (await SaveAsync(rig, "a/b.geojson", result)).ShouldBeOfType<FileOutcome.Done>();
        await rig.Blobs.DeleteAllAsync("jobs/1/", CancellationToken.None);

        (done.IsNew, done.Entry.Owner, done.Entry.ContentType, done.Entry.Length).ShouldBe((true, "li", MediaTypes.GeoJson, 2));
        (await rig.ReadAsync("a/b.geojson")).ShouldBe("{}");
        (await rig.ReadAsync("a/b.geojson", FileRig.Ana)).ShouldBeNull();
        (await rig.PathsAsync()).ShouldBe(["a", "a/b.geojson"]);
        (await SaveAsync(rig, "c", result)).ShouldBeOfType<FileOutcome.Missing>();
        (await rig.PathsAsync()).ShouldBe(["a", "a/b.geojson"]);
        (await rig.Index.LostAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_there_is_replaced_only_when_that_is_asked_for()
    {
        using var rig = new FileRig();
        var result = await ResultAsync(rig, "{}");
        var there = ((FileOutcome.Done)await rig.PutAsync("a", "old")).Entry;

        foreach (var value in new[] { result, Literal })
        {
            (await SaveAsync(rig, "a", value)).ShouldBeOfType<FileOutcome.Conflict>().Message.ShouldContain("overwrite=true");
            (await SaveAsync(rig, "a", value, condition: BlobCondition.Tagged("other"))).ShouldBeOfType<FileOutcome.Changed>();
            (await SaveAsync(rig, "a", value, FileRig.Ana, overwrite: true)).ShouldBeOfType<FileOutcome.Forbidden>();
            (await SaveAsync(rig, "a/b", value)).ShouldBeOfType<FileOutcome.Conflict>();
            (await rig.ReadAsync("a")).ShouldBe("old");
        }

        (await SaveAsync(rig, "a", result, condition: BlobCondition.Tagged(there.ETag))).ShouldBeOfType<FileOutcome.Done>().IsNew.ShouldBeFalse();
        (await rig.ReadAsync("a")).ShouldBe("{}");
        (await SaveAsync(rig, "a", Literal, overwrite: true)).ShouldBeOfType<FileOutcome.Done>();
        (await rig.ReadAsync("a")).ShouldBe("12");
        (await SaveAsync(rig, "b", new OutputValue.Many("MANY", [Literal]))).ShouldBeOfType<FileOutcome.Conflict>();
        (await rig.KeysAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task It_counts_in_the_quota_and_is_no_larger_than_a_file_may_be()
    {
        using var rig = new FileRig(new FilesOptions { OwnerQuotaMb = 2, MaxFileMb = 1 });
        var result = await ResultAsync(rig, new string('x', 1024 * 1024));

        (await SaveAsync(rig, "a", result)).ShouldBeOfType<FileOutcome.Done>();
        (await SaveAsync(rig, "b", result)).ShouldBeOfType<FileOutcome.Done>();
        (await SaveAsync(rig, "c", result)).ShouldBeOfType<FileOutcome.NoRoom>();
        (await SaveAsync(rig, "b", result, overwrite: true)).ShouldBeOfType<FileOutcome.Done>();
        (await SaveAsync(rig, "c", await ResultAsync(rig, new string('x', (1024 * 1024) + 1)), FileRig.Ana)).ShouldBeOfType<FileOutcome.TooLarge>();
    }

    private static async Task<OutputValue> ResultAsync(FileRig rig, string text)
    {
        var info = await rig.Blobs.PutAsync(Key, MediaTypes.GeoJson, async (stream, token) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), token), CancellationToken.None);
        return new OutputValue.Content("OUTPUT", Key, MediaTypes.GeoJson, "OUTPUT.geojson", info.Length, []);
    }

    private static Task<FileOutcome> SaveAsync(FileRig rig, string path, OutputValue result, Caller? caller = null, bool overwrite = false, BlobCondition? condition = null) =>
        rig.Save.ExecuteAsync(new SaveCall(FileRig.Path(path), result, overwrite, caller ?? FileRig.Li, condition ?? BlobCondition.Any), CancellationToken.None);
}
