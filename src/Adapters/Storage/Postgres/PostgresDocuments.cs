using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using GeoWps.Adapters.Storage.Stored;
using GeoWps.Application.Ports;
using JasperFx;
using Marten;
using Marten.Exceptions;
using Marten.Services;
using Npgsql;
using Weasel.Core;

namespace GeoWps.Adapters.Storage.Postgres;

/// <summary>
/// The cluster's documents, by Marten, through the pool of <see cref="PostgresDatabase"/> and under its rules for a server that was away. Their tables are the schema scripts':
/// Marten makes none, so that nodes that start at once have one order.
/// </summary>
internal sealed class PostgresDocuments : IDisposable
{
    private readonly PostgresDatabase _database;
    private readonly Lazy<DocumentStore> _store;

    public PostgresDocuments(PostgresDatabase database)
    {
        _database = database;
        _store = new Lazy<DocumentStore>(Open);

        // It takes a tenth of a second, and somebody will ask.
        _ = Task.Run(() => _store.Value);
    }

    public Task<T> ReadAsync<T>(Func<IQuerySession, Task<T>> work, CancellationToken cancellationToken) => _database.RunAsync(
        connection => BareAsync(async () =>
        {
            await using var session = _store.Value.QuerySession(SessionOptions.ForConnection(connection));
            return await work(session);
        }),
        mayRepeat: true,
        cancellationToken);

    /// <summary>One transaction: what <paramref name="work"/> puts into the session, and the messages that it returns.</summary>
    /// <param name="work">Returns <see langword="null"/> when nothing is to change.</param>
    /// <param name="messages">Where its messages go; needed when there are any.</param>
    /// <param name="mayRepeat">Whether it does no harm to do it again, when it was done and only the answer was lost.</param>
    /// <returns><see langword="false"/> when nothing was changed, because of that or because another writer was first.</returns>
    public Task<bool> WriteAsync(Func<IDocumentSession, Task<IReadOnlyList<Message>?>> work, IMessages? messages, bool mayRepeat, CancellationToken cancellationToken) => _database.RunAsync(
        connection => BareAsync(async () =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var session = _store.Value.LightweightSession(SessionOptions.ForTransaction(transaction));
            if (await work(session) is not { } owed)
            {
                return false;
            }

            try
            {
                await session.SaveChangesAsync(cancellationToken);
            }
            catch (Exception reason) when (reason is ConcurrencyException or DocumentAlreadyExistsException)
            {
                return false;
            }

            if (owed.Count == 0)
            {
                await transaction.CommitAsync(cancellationToken);
                return true;
            }

            await using var outgoing = await messages!.StoreAsync(owed, transaction, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            await outgoing.SendAsync();
            return true;
        }),
        mayRepeat,
        cancellationToken);

    /// <summary>Stores a message that follows nothing but itself.</summary>
    public Task TellAsync(Message message, IMessages messages, CancellationToken cancellationToken) =>
        WriteAsync(_ => Task.FromResult<IReadOnlyList<Message>?>([message]), messages, mayRepeat: true, cancellationToken);

    public void Dispose()
    {
        if (_store.IsValueCreated)
        {
            _store.Value.Dispose();
        }
    }

    /// <summary>The database's own exceptions, which tell what may be repeated.</summary>
    private static async Task<T> BareAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (MartenCommandException wrapped) when (wrapped.InnerException is NpgsqlException reason)
        {
            throw reason;
        }
    }

    private DocumentStore Open() => DocumentStore.For(options =>
    {
        options.Connection(_database.Source);
        options.DatabaseSchemaName = "geowps";
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.DisableNpgsqlLogging = true;
        options.UseSystemTextJsonForSerialization(Json(), EnumStorage.AsString, Casing.CamelCase);

        // Whether to try again is the database class's to say.
        options.ConfigurePolly(_ => { });
        options.ConfigureWritePolly(_ => { });
        options.Schema.For<StoredLayer>().DocumentAlias("layer").UseOptimisticConcurrency(true).Duplicate(layer => layer.Expires!).Duplicate(layer => layer.Bytes);
        options.Schema.For<StoredCalls>().DocumentAlias("calls").Duplicate(calls => calls.Hour);
    });

    private static JsonSerializerOptions Json() => new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new TextWithoutNul() },
        TypeInfoResolver = System.Text.Json.Serialization.Metadata.JsonTypeInfoResolver.Combine(StoredLayerContext.Default, StoredCallsContext.Default),
    };

    /// <summary>PostgreSQL has no text with a NUL, in documents neither.</summary>
    private sealed class TextWithoutNul : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Contains('\0', StringComparison.Ordinal) ? value.Replace('\0', '\ufffd') : value);
    }
}
