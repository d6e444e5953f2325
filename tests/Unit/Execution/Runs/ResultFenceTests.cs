using System.Text.Json;
using GeoWps.Adapters.Execution.Runs;

namespace GeoWps.Tests.Unit.Execution.Runs;

/// <summary>A worker that was taken over can name any path as its result.</summary>
public sealed class ResultFenceTests : IDisposable
{
    private readonly StagingBench _bench = new();
    private readonly string _secret;

    public ResultFenceTests()
    {
        _secret = Path.Combine(Path.GetDirectoryName(_bench.Folder)!, "secret.tif");
        File.WriteAllText(_secret, "secret");
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "outputs"));
        File.WriteAllText(Path.Combine(_bench.Folder, "outputs", "OUTPUT.tif"), "ours");
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Control_a_file_of_the_job_is_a_result() => (await DeliverAsync("outputs/OUTPUT.tif")).ShouldBeTrue();

    [Theory]
    [InlineData("../secret.tif")]
    [InlineData("outputs/../../secret.tif")]
    public async Task A_file_beside_the_jobs_folder_is_nobodys_result(string path) => await RefusesAsync(path);

    [Fact]
    public async Task A_file_elsewhere_is_nobodys_result() => await RefusesAsync(_secret);

    [Fact]
    public async Task A_folder_whose_name_begins_like_the_jobs_is_another()
    {
        Directory.CreateDirectory(_bench.Folder + "2");
        File.WriteAllText(_bench.Folder + "2/a.tif", "of another job");

        await RefusesAsync("../job2/a.tif");
    }

    [Fact]
    public async Task A_link_is_nobodys_result()
    {
        File.CreateSymbolicLink(Path.Combine(_bench.Folder, "outputs", "link.tif"), _secret);

        await RefusesAsync("outputs/link.tif");
    }

    [Fact]
    public async Task A_file_behind_a_linked_folder_is_nobodys_result()
    {
        Directory.CreateSymbolicLink(Path.Combine(_bench.Folder, "outputs", "link"), Path.GetDirectoryName(_secret)!);

        await RefusesAsync("outputs/link/secret.tif");
    }

    [Fact]
    public async Task A_file_elsewhere_does_not_come_along_beside_a_result() =>
        await Should.ThrowAsync<InvalidDataException>(DeliverAsync("outputs/OUTPUT.tif", "../secret.tif"));

    private async Task RefusesAsync(string path)
    {
        await Should.ThrowAsync<InvalidDataException>(DeliverAsync(path));

        (await File.ReadAllTextAsync(_secret)).ShouldBe("secret");
        (await _bench.Blobs.ListAsync("jobs/", default).AnyAsync()).ShouldBeFalse();
    }

    private async Task<bool> DeliverAsync(string path, params string[] sidecars)
    {
        var results = JsonSerializer.SerializeToElement(new { OUTPUT = new { path, sidecars } });
        var outputs = await new ResultDelivery(_bench.Blobs, _bench.Formats).DeliverAsync(_bench.Job, [new WantedOutput("OUTPUT", null)], results, _bench.Folder, default);
        return outputs.Count == 1;
    }
}
