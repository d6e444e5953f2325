using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Ports;
using GeoWps.Application.Uploads;
using GeoWps.Domain.Uploads;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Uploads;

/// <summary>What is told of uploads.</summary>
internal static class UploadAnswers
{
    public static string AddressOf(string baseAddress, UploadId id) => $"{baseAddress}uploads/{id}";

    /// <summary>How far it is: what every answer about an upload has.</summary>
    public static void Tell(HttpContext context, Upload upload)
    {
        var headers = context.Response.Headers;
        headers[Tus.OffsetHeader] = Tus.Text(upload.Offset);
        if (upload.State.Status == UploadStatus.Stored)
        {
            headers.ContentLocation = Addresses.File(context.Request.BaseAddress(), upload.Target!.Path);
        }
        else
        {
            // RFC 9110, clause 5.6.7.
            headers[Tus.ExpiresHeader] = upload.Expires.ToString("R");
        }
    }

    public static IResult Refuse(HttpContext context, UploadOutcome outcome)
    {
        if (outcome is UploadOutcome.WrongOffset(var offset))
        {
            context.Response.Headers[Tus.OffsetHeader] = Tus.Text(offset);
        }

        return outcome switch
        {
            UploadOutcome.Unknown => Problems.NoSuchUpload(),
            UploadOutcome.Locked => Problems.UploadLocked(),
            UploadOutcome.WrongOffset wrong => Problems.WrongUploadOffset(wrong.Offset),
            UploadOutcome.WrongLength => Problems.BadRequest("Another length was said before, or there is more of the upload already."),
            UploadOutcome.TooLarge large => Problems.UploadTooLarge(large.MostBytes),
            UploadOutcome.WrongChecksum => Problems.WrongChecksum(),
            UploadOutcome.WrongContent wrong => Problems.WrongDigest(wrong.Expected, wrong.Actual),
            UploadOutcome.IsFinal => Problems.FinalUpload(),
            UploadOutcome.Incomplete => Problems.BadRequest("Each of the uploads that this one is made of has to be a part (Upload-Concat: partial), all here, and not used up."),
            UploadOutcome.TooMany many => Problems.TooManyUploads(many.Most),
            UploadOutcome.NotFiled filed => Of(filed.Refusal),
            _ => throw new NotSupportedException($"{outcome.GetType().Name} is no refusal."),
        };
    }

    public static void Write(Utf8JsonWriter json, Upload upload, string baseAddress)
    {
        json.WriteStartObject();
        json.WriteString("id", upload.Id.Value);
        json.WriteString("href", AddressOf(baseAddress, upload.Id));
        json.WriteString("kind", upload.Kind switch
        {
            UploadKind.Whole => "whole",
            UploadKind.Part => Tus.Partial,
            UploadKind.Final => Tus.Final,
        });
        json.WriteString("status", upload.State.Status switch
        {
            UploadStatus.Receiving => "receiving",
            UploadStatus.Received => "received",
            UploadStatus.Stored => "stored",
        });
        if (upload.Target is { } target)
        {
            json.WriteString("path", target.Path.Text);
        }

        json.WriteNumber("offset", upload.Offset);
        if (upload.Length is { } length)
        {
            json.WriteNumber("length", length);
        }

        json.WriteString("created", upload.Created);
        json.WriteString("expires", upload.Expires);
        if (upload.State is UploadState.Stored)
        {
            json.WriteString("file", Addresses.File(baseAddress, upload.Target!.Path));
        }

        json.WriteEndObject();
    }

    private static Problem Of(FilingRefusal refusal) => refusal.Obstacle switch
    {
        FilingObstacle.Exists or FilingObstacle.Place => Problems.FileConflict(refusal.Detail),
        FilingObstacle.Foreign => Problems.FileForbidden(refusal.Detail),
        FilingObstacle.Busy => Problems.UploadLocked(),
        FilingObstacle.Room => Problems.NoRoom(refusal.Detail),
    };
}
