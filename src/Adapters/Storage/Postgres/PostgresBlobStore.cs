using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using GeoWps.Application;
using GeoWps.Application.Ports;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>
/// Content for all nodes. A key's row names a content, and changes in one statement; several keys may name the same. What is small lies in one row, what is large in pieces
/// that are written and read one at a time. A content that no key names any more is kept for an hour after its last reader has read of it.
/// </summary>
internal sealed partial class PostgresBlobStore : IBlobStore, IAsyncDisposable
{
    /// <summary>Bytes of a content that lies in one row.</summary>
    public const int MostSmall = 64 * 1024;

    /// <summary>Bytes of a piece of a larger one.</summary>
    public const int PieceSize = 512 * 1024;

    private const bool Repeat = true;
    private const bool Once = false;
    private const int RowsAtOnce = 500;
    private const string Columns = "key, content_type, length, etag, modified";

    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(5);

    private readonly PostgresDatabase _database;
    private readonly TimeSpan _age;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _sweeping;

    /// <param name="age">How long a content that no key names is kept for those who read it.</param>
    public PostgresBlobStore(PostgresDatabase database, TimeSpan age, ILogger logger)
    {
        (_database, _age, _logger) = (database, age, logger);
        _sweeping = Task.Run(KeepSweepingAsync);
    }

    public async Task<BlobInfo> PutAsync(string key, string contentType, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        await TryPutAsync(key, contentType, write, BlobCondition.Any, cancellationToken) ?? throw TookTooLong();

    public async Task<BlobInfo> TakeAsync(string key, string contentType, string localPath, CancellationToken cancellationToken) =>
        await TryTakeAsync(key, contentType, localPath, BlobCondition.Any, cancellationToken) ?? throw TookTooLong();

    public async Task<BlobInfo?> TryPutAsync(
        string key, string contentType, Func<Stream, CancellationToken, Task> write, BlobCondition condition, CancellationToken cancellationToken)
    {
        BlobKey.Require(key);
        var stream = new PostgresBlobWriter(_database, cancellationToken);
        try
        {
            await write(stream, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return await stream.FinishAsync((content, small, length) => NameAsync(key, contentType, content, small, length, condition, cancellationToken));
        }
        finally
        {
            await stream.ReleaseAsync();
        }
    }

    public async Task<BlobInfo?> TryTakeAsync(string key, string contentType, string localPath, BlobCondition condition, CancellationToken cancellationToken)
    {
        BlobKey.Require(key);
        BlobInfo? info;
        await using (var file = new FileStream(localPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan))
        {
            info = await TryPutAsync(key, contentType, (stream, token) => file.CopyToAsync(stream, PieceSize, token), condition, cancellationToken);
        }

        if (info is not null)
        {
            File.Delete(localPath);
        }

        return info;
    }

    public async Task RestoreAsync(BlobInfo info, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        // By its own tag nobody knows it yet.
        var stored = await PutAsync(info.Key, info.ContentType, write, cancellationToken);
        await _database.ExecuteAsync(
            "UPDATE geowps.blob SET etag = @etag, modified = @modified WHERE key = @key AND etag = @stored",
            Repeat,
            cancellationToken,
            ("@key", info.Key),
            ("@etag", info.ETag),
            ("@modified", info.LastModified.ToUnixTimeMilliseconds()),
            ("@stored", stored.ETag));
    }

    public Task<BlobInfo?> FindAsync(string key, CancellationToken cancellationToken)
    {
        BlobKey.Require(key);
        return _database.FirstAsync($"SELECT {Columns} FROM geowps.blob WHERE key = @key", ReadInfo, Repeat, cancellationToken, ("@key", key));
    }

    public async Task<Blob?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        BlobKey.Require(key);
        var found = await _database.FirstAsync(
            "SELECT key, content_type, b.length, etag, modified, c.id, c.small FROM geowps.blob b JOIN geowps.blob_content c ON c.id = b.content WHERE key = @key",
            row => (Info: ReadInfo(row), Content: row.GetInt64(5), Small: row.IsDBNull(6) ? null : row.GetFieldValue<byte[]>(6)).ToTuple(),
            Repeat,
            cancellationToken,
            ("@key", key));
        if (found is not var (info, content, small))
        {
            return null;
        }

        var (from, count) = BlobRange.Cut(offset, length, info.Length);
        return new Blob(info, small is not null ? new MemoryStream(small, (int)from, (int)count, writable: false) : new PostgresBlobReader(_database, content, from, count));
    }

    public async Task<bool> DeleteAsync(string key, CancellationToken cancellationToken)
    {
        BlobKey.Require(key);
        return await _database.ExecuteAsync("DELETE FROM geowps.blob WHERE key = @key", Once, cancellationToken, ("@key", key)) > 0;
    }

    public async Task DeleteAllAsync(string prefix, CancellationToken cancellationToken)
    {
        BlobKey.RequirePrefix(prefix);
        await _database.ExecuteAsync(
            "DELETE FROM geowps.blob WHERE key >= @prefix AND key < @end", Repeat, cancellationToken, ("@prefix", prefix), ("@end", EndOf(prefix)));
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);

        // The order of the database is that of the bytes (UTF-8), which differs from the ordinal one (UTF-16) behind U+D7FF: such keys are put right within what is read at once.
        for (string? after = null; ;)
        {
            var rows = await _database.AllAsync(
                $"SELECT {Columns} FROM geowps.blob WHERE key >= @from AND starts_with(key, @prefix) AND (@after::text IS NULL OR key > @after) ORDER BY key LIMIT {RowsAtOnce}",
                ReadInfo, Repeat, cancellationToken, ("@from", after ?? prefix), ("@prefix", prefix), ("@after", after));
            foreach (var info in rows.Count < RowsAtOnce && after is null ? rows.OrderBy(info => info.Key, StringComparer.Ordinal) : (IEnumerable<BlobInfo>)rows)
            {
                yield return info;
            }

            if (rows.Count < RowsAtOnce)
            {
                yield break;
            }

            after = rows[^1].Key;
        }
    }

    public async Task<bool> CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        BlobKey.Require(from);
        BlobKey.Require(to);
        return await _database.ExecuteAsync(PostgresBlobStatements.Copy, Repeat, cancellationToken, ("@from", from), ("@to", to)) > 0;
    }

    public Task<bool> MoveAsync(string from, string to, CancellationToken cancellationToken)
    {
        BlobKey.Require(from);
        BlobKey.Require(to);
        return from == to
            ? CopyAsync(from, to, cancellationToken)
            : _database.RunAsync(
                async connection =>
                {
                    await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                    await using var copy = PostgresDatabase.Command(connection, PostgresBlobStatements.Copy.Replace("FOR SHARE", "FOR UPDATE", StringComparison.Ordinal), [("@from", from), ("@to", to)]);
                    if (await copy.ExecuteNonQueryAsync(cancellationToken) == 0)
                    {
                        return false;
                    }

                    await using var delete = PostgresDatabase.Command(connection, "DELETE FROM geowps.blob WHERE key = @from", [("@from", from)]);
                    await delete.ExecuteNonQueryAsync(cancellationToken);
                    await transaction.CommitAsync(cancellationToken);
                    return true;
                },
                Once,
                cancellationToken);
    }

    public Task<TreeOutcome> MoveAllAsync(string from, string to, CancellationToken cancellationToken) => RenameAsync(PostgresBlobStatements.MoveAll, from, to, cancellationToken);

    public Task<TreeOutcome> CopyAllAsync(string from, string to, CancellationToken cancellationToken) => RenameAsync(PostgresBlobStatements.CopyAll, from, to, cancellationToken);

    public async Task<BlobInfo?> JoinAsync(IReadOnlyList<string> keys, string to, string contentType, CancellationToken cancellationToken)
    {
        BlobKey.Require(to);
        if (await new PostgresBlobJoin(_database).MakeAsync(keys, cancellationToken) is not var (content, length))
        {
            return null;
        }

        var info = await NameAsync(to, contentType, content, default, length, BlobCondition.Any, cancellationToken) ?? throw TookTooLong();
        await _database.ExecuteAsync(
            "DELETE FROM geowps.blob_doubt WHERE content = @content AND EXISTS (SELECT FROM geowps.blob WHERE content = @content)", Repeat, cancellationToken, ("@content", content));
        return info;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sweeping;
        _stopping.Dispose();
    }

    /// <summary>Removes contents that nobody has named or read for long.</summary>
    /// <returns>How many were looked at.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var looked = 0;
        while (await _database.ValueAsync("SELECT geowps.remove_blob_content(@age)", Once, cancellationToken, ("@age", (long)_age.TotalMilliseconds)) is true)
        {
            looked++;
        }

        return looked;
    }

    private async Task<BlobInfo?> NameAsync(
        string key, string contentType, long? content, ReadOnlyMemory<byte> small, long length, BlobCondition condition, CancellationToken cancellationToken)
    {
        var etag = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        (string, object?)[] values =
        [
            ("@key", key), ("@type", contentType), ("@length", length), ("@etag", etag),
            ("@absent", condition.Holds(null)), ("@present", !condition.MustNotExist), ("@tags", condition.Tags?.ToArray()), ("@others", condition.OtherThan?.ToArray()),
        ];
        var modified = content is { } id
            ? await _database.ValueAsync(PostgresBlobStatements.Name, Repeat, cancellationToken, [.. values, ("@content", id)])
            : await _database.ValueAsync(PostgresBlobStatements.PutSmall, Repeat, cancellationToken, [.. values, ("@data", small.ToArray())]);
        if (modified is long at)
        {
            return new BlobInfo(key, contentType, length, etag, DateTimeOffset.FromUnixTimeMilliseconds(at));
        }

        // It may have been stored by a statement whose answer was lost, and then not by its repetition.
        return await FindAsync(key, cancellationToken) is { } now && now.ETag == etag ? now
            : content is { } written && await _database.ValueAsync("SELECT id FROM geowps.blob_content WHERE id = @content", Repeat, cancellationToken, ("@content", written)) is null ? throw TookTooLong()
            : null;
    }

    private async Task<TreeOutcome> RenameAsync(string statement, string from, string to, CancellationToken cancellationToken)
    {
        BlobKey.RequirePrefixes(from, to);
        (string, object?)[] target = [("@to", to), ("@toEnd", EndOf(to))];
        try
        {
            if (await _database.ExecuteAsync(statement, Once, cancellationToken, [.. target, ("@from", from), ("@fromEnd", EndOf(from))]) > 0)
            {
                return TreeOutcome.Done;
            }
        }
        catch (PostgresException reason) when (reason.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return TreeOutcome.Taken;
        }

        return await _database.ValueAsync("SELECT EXISTS (SELECT FROM geowps.blob WHERE key >= @from AND key < @fromEnd)", Repeat, cancellationToken, ("@from", from), ("@fromEnd", EndOf(from))) is true
            && await _database.ValueAsync(PostgresBlobStatements.IsTaken, Repeat, cancellationToken, target) is true ? TreeOutcome.Taken : TreeOutcome.Nothing;
    }

    private static IOException TookTooLong() => new("What was written took so long that it was cleared away before its end.");

    private async Task KeepSweepingAsync()
    {
        while (true)
        {
            try
            {
                await Task.Delay(Backoff.Spread(BetweenSweeps, share: 0.5), _stopping.Token);
                await SweepAsync(_stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException reason)
            {
                LogNotSwept(reason);
            }
        }
    }

    private static BlobInfo ReadInfo(DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)));

    // A prefix ends in a slash, and '0' is what comes next.
    private static string EndOf(string prefix) => prefix[..^1] + "0";

    [LoggerMessage(EventId = 2111, Level = LogLevel.Warning, Message = "Content in PostgreSQL that nobody needs could not be removed; it is tried again")]
    private partial void LogNotSwept(Exception reason);
}
