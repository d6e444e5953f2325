using System.Net.Http.Headers;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using GeoWps.Adapters.Http;
using GeoWps.Adapters.Storage.Memory;
using GeoWps.Adapters.Storage.Sqlite;
using GeoWps.Application.Editions;
using GeoWps.Application.Files;
using GeoWps.Application.Nodes;
using GeoWps.Application.Ports;
using GeoWps.Application.Processes.Elsewhere;
using GeoWps.Application.Security;
using GeoWps.Application.Uploads;
using GeoWps.Tests.Unit.Http;
using GeoWps.Tests.Unit.Security;
using GeoWps.Tests.Unit.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoWps.Tests.Unit.Uploads;

/// <summary>The HTTP side of uploads, over SQLite and blobs in memory.</summary>
public sealed class UploadHost : IAsyncLifetime
{
    /// <summary>Of a file, and so of an upload.</summary>
    public const int MaxMb = 40;

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryTokens _tokens = new();
    private WebApplication _app = null!;
    private SqliteDatabase _database = null!;

    public HttpClient Client { get; private set; } = null!;

    internal IBlobStore Blobs { get; } = new MemoryBlobStore(1 << 30, TimeProvider.System);

    internal T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("Files:MaxFileMb", $"{MaxMb}"), new("Uploads:MaxUnfinished", "20"), new("Files:OwnerQuotaMb", "60")]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var services = builder.Services;
        _database = new SqliteDatabase(_folder["jobs.db"], NullLogger.Instance);
        services.AddSingleton<IUploadStore>(new SqliteUploadStore(_database, TimeProvider.System));
        services.AddSingleton(Blobs);
        services.AddSingleton(new AdminToken(AdminToken.Make()));
        services.AddSingleton<ITokenStore>(_tokens);
        services.AddSingleton<IFileIndex>(new SqliteFileIndex(_database));
        services.AddFiles(builder.Configuration);
        services.AddUploads(builder.Configuration);
        services.AddSingleton<IEditionStore, MemoryEditions>();
        services.AddSingleton<DocumentEditions>();
        services.AddSingleton<OfferedProcesses>();
        services.AddHttpApi(builder.Configuration);
        AddNothingElse(services);
        _app = builder.Build();
        _app.MapHttpApi();
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single() + "/") };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _database.Dispose();
        _folder.Dispose();
    }

    /// <summary>Every endpoint is made at the start: the other ones get services that do nothing, and are never asked.</summary>
    private static void AddNothingElse(IServiceCollection services)
    {
        Type[] real = [typeof(FileLibrary), typeof(FilePlaces), typeof(FileChanges), typeof(TokenBook), typeof(CallerTokens), typeof(TimeProvider), typeof(AdminToken), typeof(ThisNode)];
        var endpoints = typeof(HttpModule).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(FastEndpoints.BaseEndpoint)) && !type.IsAbstract);
        foreach (var type in endpoints.SelectMany(type => type.GetConstructors().Single().GetParameters()).Select(parameter => parameter.ParameterType).Distinct())
        {
            if (!type.IsGenericType && type.Namespace != typeof(UploadHolds).Namespace && !real.Contains(type) && !(type.IsInterface && services.Any(service => service.ServiceType == type)))
            {
                services.AddSingleton(type, type.IsInterface ? DispatchProxy.Create(type, typeof(Nothing)) : RuntimeHelpers.GetUninitializedObject(type));
            }
        }
    }

    public class Nothing : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException(targetMethod?.Name);
    }

    /// <summary>The token of a caller of this name.</summary>
    public async Task<string> TokenOfAsync(string name, Rights may = Rights.Files) =>
        (await Get<TokenBook>().AddAsync(new TokenWish(name, may, Expires: null), CancellationToken.None)).ShouldBeOfType<TokenMade.Made>().Text;

    public static string Metadata(string path, params (string Key, string Value)[] more) =>
        string.Join(',', more.Prepend(("filename", path)).Select(pair => $"{pair.Item1} {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Item2))}"));

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, address);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/offset+octet-stream");
        }

        foreach (var (name, value) in headers.Append(("Tus-Resumable", "1.0.0")).DistinctBy(header => header.Item1, StringComparer.Ordinal).ToArray())
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content ??= new ByteArrayContent([]);
                request.Content.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return Client.SendAsync(request);
    }

    /// <returns>Its address.</returns>
    public async Task<string> CreateAsync(long length, string path, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(HttpMethod.Post, "uploads", null, [("Upload-Length", $"{length}"), ("Upload-Metadata", Metadata(path)), .. headers]);
        ((int)answer.StatusCode).ShouldBe(201, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }

    public Task<HttpResponseMessage> AppendAsync(string address, long offset, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Patch, address, body, [("Upload-Offset", $"{offset}"), .. headers]);

    public async Task<byte[]?> FileAsync(string path)
    {
        await using var blob = await Blobs.OpenAsync($"files/{path}", 0, null, CancellationToken.None);
        if (blob is null)
        {
            return null;
        }

        using var memory = new MemoryStream();
        await blob.Content.CopyToAsync(memory);
        return memory.ToArray();
    }

    internal async Task<List<string>> KeysAsync(string prefix)
    {
        var keys = new List<string>();
        await foreach (var blob in Blobs.ListAsync(prefix, CancellationToken.None))
        {
            keys.Add(blob.Key);
        }

        return keys;
    }
}
