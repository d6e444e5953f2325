using System.Data.Common;
using GeoWps.Domain.Files;
using GeoWps.Domain.Uploads;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>A row of the table <c>uploads</c>, both ways.</summary>
internal static class UploadRow
{
    /// <summary>What <see cref="Read"/> expects, in this order.</summary>
    public const string Columns = "id, owner, kind, status, path, media_type, may_replace, sha256, metadata, parts, length, received, joined, created, expires, stored, is_administered";

    public const string Received = "received";

    private const string Receiving = "receiving";
    private const string Stored = "stored";

    public static Upload Read(DbDataReader row) => new()
    {
        Id = Id(row.GetString(0)),
        Owner = Text(row, 1),
        IsAdministered = row.GetBoolean(16),
        Kind = ReadKind(row.GetString(2)),
        State = State(row),
        Target = Text(row, 4) is { } path ? new UploadTarget(Path(path), Text(row, 5), row.GetBoolean(6), Text(row, 7)) : null,
        Metadata = row.GetString(8),
        Parts = [.. row.GetString(9).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Id)],
        Created = JobRow.Time(row, 13),
        Expires = JobRow.Time(row, 14),
    };

    public static UploadPiece ReadPiece(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2));

    public static UploadId Id(string text) => UploadId.TryParse(text, out var id) ? id : throw new InvalidDataException($"'{text}' is the id of no upload.");

    public static (string Name, object? Value)[] ValuesOf(Upload upload) =>
    [
        .. ChangingOf(upload),
        ("@owner", upload.Owner),
        ("@is_administered", upload.IsAdministered),
        ("@kind", KindText(upload.Kind)),
        ("@path", upload.Target?.Path.Text),
        ("@media_type", upload.Target?.MediaType),
        ("@may_replace", upload.Target?.MayReplace ?? false),
        ("@sha256", upload.Target?.Sha256),
        ("@metadata", upload.Metadata),
        ("@parts", string.Join(' ', upload.Parts)),
        ("@created", UnixTime.Floor(upload.Created)),
    ];

    /// <summary>What transitions change, and the id.</summary>
    public static (string Name, object? Value)[] ChangingOf(Upload upload) =>
    [
        ("@id", upload.Id.Value),
        ("@status", StatusText(upload.State.Status)),
        ("@length", upload.Length),
        ("@received", upload.Offset),
        ("@joined", (upload.State as UploadState.Received)?.Joined),
        ("@expires", UnixTime.Floor(upload.Expires)),
        ("@stored", upload.State is UploadState.Stored stored ? UnixTime.Floor(stored.At) : null),
    ];

    /// <summary>What counts no more, in the quotas either, when this is written.</summary>
    public static IReadOnlyList<UploadId> NoLongerNeeded(Upload upload) => upload.State is UploadState.Stored ? upload.Parts : [];

    private static UploadState State(DbDataReader row) => row.GetString(3) switch
    {
        Receiving => new UploadState.Receiving(row.IsDBNull(10) ? null : row.GetInt64(10), row.GetInt64(11)),
        Received => new UploadState.Received(row.GetInt64(11), Text(row, 12)),
        Stored => new UploadState.Stored(row.GetInt64(11), JobRow.Time(row, 15)),
        var other => throw new InvalidDataException($"'{other}' is the state of no upload."),
    };

    private static string StatusText(UploadStatus status) => status switch
    {
        UploadStatus.Receiving => Receiving,
        UploadStatus.Received => Received,
        UploadStatus.Stored => Stored,
    };

    private static string KindText(UploadKind kind) => kind switch
    {
        UploadKind.Whole => "whole",
        UploadKind.Part => "part",
        UploadKind.Final => "final",
    };

    private static UploadKind ReadKind(string text) =>
        Enum.GetValues<UploadKind>().Where(kind => KindText(kind) == text) is var kinds && kinds.Any() ? kinds.First() : throw new InvalidDataException($"'{text}' is no kind of upload.");

    private static FilePath Path(string text) => FilePath.TryParse(text, out var path, out _) ? path : throw new InvalidDataException($"'{text}' is the path of no file.");

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
