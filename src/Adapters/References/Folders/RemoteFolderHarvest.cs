using System.Globalization;
using System.IO.Enumeration;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GeoWps.Application.Files;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Harvesting;
using GeoWps.Domain.Processes;
using GeoWps.Domain.Records;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.References.Folders;

/// <summary>Sources that are a folder of another server: files known by size and time of change, and read only where these are others. Links are not followed; what is hidden is left out.</summary>
internal abstract class RemoteFolderHarvest(
    AllowedHosts allowedHosts, GuardedConnector connector, IOptions<HarvestingOptions> options, IOptions<RecordsOptions> records, IDocumentText? documents) : IHarvestReader, IDocumentReader
{
    protected const string Url = "url";
    private const string Pattern = "pattern";
    private const int MostDepth = 64;

    /// <summary>Bytes of a document that is read for its text; of a larger one there is none.</summary>
    private const long MostDocument = 64L * 1024 * 1024;

    public abstract string Kind { get; }

    /// <summary>Of addresses.</summary>
    protected abstract IReadOnlyList<string> Schemes { get; }

    public virtual IReadOnlyList<string> Settings { get; } = [Url, HarvestForm.Credentials, Pattern, RecordFields.TypeSetting];

    protected HarvestingOptions Options => options.Value;

    /// <summary>Of addresses that name none.</summary>
    protected abstract int UsualPort { get; }

    public virtual void Check(JsonElement settings, List<Mistake> mistakes)
    {
        if (HarvestForm.LineOf(settings, Url) is not { } href || !Uri.TryCreate(href, UriKind.Absolute, out var address) || !Schemes.Contains(address.Scheme) || address.Host.Length == 0 || address.UserInfo.Length > 0
            || address.Query.Length > 0 || address.Fragment.Length > 0 || Uri.UnescapeDataString(address.AbsolutePath).Any(char.IsControl))
        {
            mistakes.Add(new Mistake(Url, $"must be an address like {Schemes[0]}://host/folder, without a user, who belongs into {HarvestForm.Credentials}"));
        }
        else if (!allowedHosts.Contain(address.Host, PortOf(address)) && IPAddress.TryParse(HostOf(address), out var literal) && !PublicAddress.Is(literal))
        {
            mistakes.Add(new Mistake(Url, "its host is loopback, private or special, and not among Inputs:AllowedHosts"));
        }

        if (settings.TryGetProperty(HarvestForm.Credentials, out _) && HarvestLogin.Read(settings, Options) is null)
        {
            mistakes.Add(new Mistake(HarvestForm.Credentials, "must be {\"user\": …, \"password\": …}, {\"user\": …, \"key\": …, \"passphrase\": …} or {\"name\": …} of Harvesting:Credentials (Basic)"));
        }

        foreach (var name in new[] { Pattern, RecordFields.TypeSetting }.Where(name => settings.TryGetProperty(name, out _) && HarvestForm.LineOf(settings, name) is null))
        {
            mistakes.Add(new Mistake(name, "must be a text"));
        }
    }

    public Task<HarvestReading> ReadAsync(HarvestWish wish, CancellationToken cancellationToken)
    {
        var mistakes = new List<Mistake>();
        Check(wish.Settings, mistakes);
        if (mistakes.Count > 0)
        {
            throw new HarvestException(string.Join("; ", mistakes));
        }

        var address = new Uri(HarvestForm.LineOf(wish.Settings, Url)!);
        var root = RootOf(address);
        return Task.FromResult<HarvestReading>(new HarvestReading.Sorted(
            VersionsAsync(address, wish.Settings, root, HarvestForm.LineOf(wish.Settings, Pattern) ?? "*", cancellationToken), (keys, token) => FetchAsync(wish, address, root, keys, token)));
    }

    public bool Has(JsonElement settings, CatalogueRecord record) =>
        DocumentLinks.IsPath(record.LocalId) && FileSystemName.MatchesSimpleExpression(HarvestForm.LineOf(settings, Pattern) ?? "*", Path.GetFileName(record.LocalId));

    public async Task<DocumentOpening> OpenAsync(DocumentWish wish, CancellationToken cancellationToken)
    {
        var (address, path) = (new Uri(HarvestForm.LineOf(wish.Settings, Url)!), wish.Record.LocalId);
        var root = RootOf(address);
        IRemoteFolder? server = null;
        try
        {
            server = await ConnectAsync(address, wish.Settings, cancellationToken);
            if (await server.FindAsync(root, path, cancellationToken) is not { } entry)
            {
                return new DocumentOpening.Gone();
            }

            var content = await server.OpenAsync($"{root}/{path}", cancellationToken);
            var document = new SourceDocument(content, entry.Name, server)
            {
                Length = entry.Length < 0 ? null : entry.Length,
                Modified = entry.Modified,
                ETag = entry.Length < 0 || entry.Modified is null ? null : $"\"{VersionOf(entry.Length, entry.Modified)}\"",
            };
            server = null;
            return new DocumentOpening.Opened(document);
        }
        catch (FileNotFoundException)
        {
            return new DocumentOpening.Gone();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Told(failure) is { } told)
        {
            throw told;
        }
        finally
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }

    protected static string HostOf(Uri address) => address.Host.Trim('[', ']');

    /// <summary>Where the server of a source is, by the rule of what may be reached.</summary>
    /// <exception cref="UnreachableHostException">Its host is unknown, or may not be reached.</exception>
    protected async Task<IPEndPoint> ReachAsync(Uri address, CancellationToken cancellationToken)
    {
        var port = PortOf(address);
        return new IPEndPoint((await connector.AddressesAsync(new DnsEndPoint(HostOf(address), port), cancellationToken))[0], port);
    }

    /// <exception cref="HarvestException">It does not answer, or not to these credentials.</exception>
    protected abstract Task<IRemoteFolder> ConnectAsync(Uri address, JsonElement settings, CancellationToken cancellationToken);

    /// <returns>Whether the other side, or the line to it, has failed; what <paramref name="told"/> is safe to show.</returns>
    protected abstract bool IsOfServer(Exception failure, out string told);

    // .NET knows no usual port of some of the schemes.
    private int PortOf(Uri address) => address.Port < 0 ? UsualPort : address.Port;

    /// <returns>The folder from the server's root, without a slash at its end; empty: that itself.</returns>
    private static string RootOf(Uri address) => Uri.UnescapeDataString(address.AbsolutePath).TrimEnd('/');

    private async IAsyncEnumerable<(string Key, string Version)> VersionsAsync(Uri address, JsonElement settings, string root, string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var sorted = new SortedPairs();
        try
        {
            await using var server = await ConnectAsync(address, settings, cancellationToken);
            var folders = new Stack<string>([""]);
            while (folders.TryPop(out var folder))
            {
                await foreach (var entry in server.ListAsync(folder.Length == 0 ? Or(root) : $"{root}/{folder}", cancellationToken))
                {
                    if (entry.Name.StartsWith('.') || entry.Name.Length == 0 || entry.Name.Any(letter => letter == '/' || char.IsControl(letter)))
                    {
                        continue;
                    }

                    var path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
                    if (entry.Kind == RemoteEntryKind.Folder)
                    {
                        folders.Push(path.Count(letter => letter == '/') < MostDepth ? path : throw new HarvestException($"its folders are deeper than {MostDepth}"));
                    }
                    else if (entry.Kind == RemoteEntryKind.File && FileSystemName.MatchesSimpleExpression(pattern, entry.Name))
                    {
                        sorted.Add(path, VersionOf(entry.Length, entry.Modified));
                    }
                }
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Told(failure) is { } told)
        {
            throw told;
        }

        foreach (var one in sorted.Read())
        {
            yield return one;
        }
    }

    private async IAsyncEnumerable<CatalogueRecord> FetchAsync(HarvestWish wish, Uri address, string root, IReadOnlyList<string> paths, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var server = await GuardedAsync(() => ConnectAsync(address, wish.Settings, cancellationToken), cancellationToken);
        var (type, folder, entries) = (HarvestForm.LineOf(wish.Settings, RecordFields.TypeSetting) ?? "file", (string?)null, new Dictionary<string, RemoteEntry>(StringComparer.Ordinal));

        // Their folders again: size and time are of the same moment as the content.
        foreach (var path in paths.OrderBy(path => path[..(path.LastIndexOf('/') + 1)], StringComparer.Ordinal))
        {
            var slash = path.LastIndexOf('/');
            var own = slash < 0 ? "" : path[..slash];
            if (own != folder)
            {
                (folder, entries) = (own, await GuardedAsync(() => ListAsync(server, own.Length == 0 ? Or(root) : $"{root}/{own}", cancellationToken), cancellationToken));
            }

            if (entries.TryGetValue(path[(slash + 1)..], out var entry) && entry.Kind == RemoteEntryKind.File)
            {
                yield return await GuardedAsync(() => RecordAsync(server, wish.Source.Id, $"{root}/{path}", path, type, entry, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task<CatalogueRecord> RecordAsync(IRemoteFolder server, string source, string full, string path, string type, RemoteEntry entry, CancellationToken cancellationToken)
    {
        var (mediaType, text) = ("", (string?)null);
        await using (var content = await server.OpenAsync(full, cancellationToken))
        {
            var head = new byte[ContentSniffing.HeadBytes];
            var count = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
            mediaType = ContentSniffing.TypeOf(head.AsSpan(0, count), path);
            if (documents is not null && documents.CanRead(mediaType) && records.Value.MaxTextKb > 0 && entry.Length <= MostDocument)
            {
                await using var aside = NamelessFile.Create();
                await aside.WriteAsync(head.AsMemory(0, count), cancellationToken);
                await CopyAsync(content, aside, cancellationToken);
                aside.Position = 0;
                text = await documents.ReadAsync(aside, mediaType, records.Value.MaxTextKb * 1024, cancellationToken);
            }
        }

        return new CatalogueRecord(source, path, type, Path.GetFileNameWithoutExtension(path))
        {
            Updated = entry.Modified,
            Formats = [mediaType],
            Keywords = [.. path.Split('/')[..^1]],
            Text = text,
            Version = VersionOf(entry.Length, entry.Modified),
        };
    }

    private static async Task CopyAsync(Stream content, Stream aside, CancellationToken cancellationToken)
    {
        var (buffer, left) = (new byte[81_920], MostDocument);
        int count;
        while (left > 0 && (count = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await aside.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            left -= count;
        }
    }

    private static async Task<Dictionary<string, RemoteEntry>> ListAsync(IRemoteFolder server, string folder, CancellationToken cancellationToken)
    {
        var all = new Dictionary<string, RemoteEntry>(StringComparer.Ordinal);
        await foreach (var entry in server.ListAsync(folder, cancellationToken))
        {
            all[entry.Name] = entry;
        }

        return all;
    }

    private async Task<T> GuardedAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Told(failure) is { } told)
        {
            throw told;
        }
    }

    private HarvestException? Told(Exception failure) => failure switch
    {
        HarvestException told => told,
        UnreachableHostException => new HarvestException("its host is unknown, or may not be reached", failure),
        _ => IsOfServer(failure, out var text) ? new HarvestException(text, failure) { IsLate = IsLate(failure) } : null,
    };

    private static bool IsLate(Exception failure) => failure is Renci.SshNet.Common.SshOperationTimeoutException || failure.InnerException is OperationCanceledException;

    private static string Or(string root) => root.Length == 0 ? "/" : root;

    private static string VersionOf(long length, DateTimeOffset? modified) => string.Create(CultureInfo.InvariantCulture, $"{length}-{modified?.UtcTicks}");
}
