using GeoWps.Adapters.Storage;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Storage;

public sealed class StorageModuleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_data_directory_is_made_for_its_owner_alone_and_both_stores_work()
    {
        await using var services = Build();

        await StorageModule.PrepareStorageAsync(services);

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_folder["data"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        (await services.GetRequiredService<IJobStore>().CountAsync(CancellationToken.None)).ShouldBeEmpty();
        (await services.GetRequiredService<IBlobStore>().FindAsync("a", CancellationToken.None)).ShouldBeNull();
        File.Exists(_folder["data/jobs.db"]).ShouldBeTrue();
    }

    [Fact]
    public async Task A_second_server_is_refused_until_the_first_has_ended()
    {
        var first = Build();
        await StorageModule.PrepareStorageAsync(first);
        await using var second = Build();

        var refusal = await Should.ThrowAsync<StorageUnavailableException>(() => StorageModule.PrepareStorageAsync(second));
        refusal.Message.ShouldContain("another server uses it");
        refusal.Message.ShouldContain($"process {Environment.ProcessId}");

        await first.DisposeAsync();
        await StorageModule.PrepareStorageAsync(second);
    }

    [Fact]
    public async Task A_folder_that_can_not_be_is_refused()
    {
        await File.WriteAllTextAsync(_folder["file"], "");
        await using var services = Build(("Data:Directory", _folder["file/data"]));

        (await Should.ThrowAsync<StorageUnavailableException>(() => StorageModule.PrepareStorageAsync(services)))
            .Message.ShouldStartWith($"Data:Directory: '{_folder["file/data"]}' is not allowed; ");
    }

    [Fact]
    public async Task Nothing_is_stored_before_the_directory_is_held()
    {
        await using var services = Build();

        Should.Throw<InvalidOperationException>(() => services.GetRequiredService<IJobStore>());
        Directory.Exists(_folder["data"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Blobs_in_memory_leave_no_files()
    {
        await using var services = Build(("Blobs:Provider", "memory"));

        await StorageModule.PrepareStorageAsync(services);

        Directory.Exists(_folder["data/blobs"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Storage:Provider", "Postgres", "Storage:ConnectionString: missing; Storage:Provider 'Postgres' needs it")]
    [InlineData("Blobs:Provider", "postgres", "Blobs:Provider: 'Postgres' is not allowed without Storage:Provider 'Postgres'; allowed are Memory, File")]
    [InlineData("Storage:Provider", "Oracle", "Storage:Provider: 'Oracle' is not allowed; one of Sqlite, Postgres")]
    [InlineData("Blobs:MemoryLimitMb", "0", "Blobs:MemoryLimitMb: '0' is not allowed; a whole number from 1 to 65536")]
    [InlineData("Data:Directory", " ", "Data:Directory: ' ' is not allowed; the path of a folder")]
    [InlineData("Data:Dir", "x", "Data:Dir: there is no such setting; there are: Directory")]
    public async Task A_wrong_setting_is_refused_in_one_line(string key, string value, string expected)
    {
        await using var services = Build((key, value));

        (await Should.ThrowAsync<OptionsValidationException>(() => StorageModule.PrepareStorageAsync(services))).Message.ShouldBe(expected);
    }

    [Fact]
    public async Task A_connection_string_without_use_is_refused_and_never_shown()
    {
        await using var services = Build(("Storage:ConnectionString", "Password=secret"));

        var refusal = await Should.ThrowAsync<OptionsValidationException>(() => StorageModule.PrepareStorageAsync(services));

        refusal.Message.ShouldStartWith("Storage:ConnectionString is set");
        refusal.Message.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("Password=secret")]
    [InlineData("Host=a;Secret=secret")]
    [InlineData("Host=a;Port=secret")]
    public async Task A_connection_string_that_is_wrong_is_refused_and_never_shown(string text)
    {
        await using var services = Build(("Storage:Provider", "Postgres"), ("Storage:ConnectionString", text));

        var refusal = await Should.ThrowAsync<OptionsValidationException>(() => StorageModule.PrepareStorageAsync(services));

        refusal.Message.ShouldStartWith("Storage:ConnectionString: ");
        refusal.ToString().ShouldNotContain("secret");
    }

    private ServiceProvider Build(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("Data:Directory", (string?)_folder["data"])])
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        return new ServiceCollection().AddLogging().AddStorage(configuration).BuildServiceProvider();
    }
}
