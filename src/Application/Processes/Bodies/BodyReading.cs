using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using GeoWps.Application.Ports;
using GeoWps.Domain.Jobs;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Bodies;

/// <summary>One body on its way in: pulls from the pipe, counts, hashes, and hands large values to the blob store as they come.</summary>
/// <param name="attachments">Those that the request has already; this one's are added.</param>
/// <param name="lead">Bytes at the start of <paramref name="body"/> that the caller did not write.</param>
internal sealed class BodyReading(JobId id, PipeReader body, IBlobStore blobs, RequestLimits limits, List<Attachment> attachments, int lead = 0) : IDisposable
{
    private readonly BodySplitter _splitter = new(limits.MaxReducedBytes, attachments.Count, lead);
    private IncrementalHash? _hash;
    private string? _digest;
    private ReadOnlySequence<byte> _buffer;
    private ReadOnlySequence<byte> _rest;
    private long _length;
    private bool _holdsBuffer;
    private bool _isLast;

    public IReadOnlyList<Attachment> Attachments => attachments;

    public bool IsTooLarge { get; private set; }

    public string? Fault => _splitter.Fault;

    public ReadOnlySpan<byte> Reduced => _splitter.Reduced;

    /// <summary>SHA-256 of everything read, lower-case hexadecimal.</summary>
    public string Digest => _digest ?? Convert.ToHexStringLower(_hash!.GetHashAndReset());

    /// <returns>Whether it is good; otherwise <see cref="IsTooLarge"/> or <see cref="Fault"/> tells why not.</returns>
    public async Task<bool> TryReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (await PumpAsync(content: null, cancellationToken))
            {
                case SplitStep.AttachmentBegins:
                    var key = JobKeys.Attachment(id, attachments.Count);
                    var kind = _splitter.AttachmentKind;
                    var blob = await blobs.PutAsync(key, "application/octet-stream", CopyAsync, cancellationToken);
                    attachments.Add(new Attachment(attachments.Count, kind, blob.Length));
                    break;
                case SplitStep.More:
                    return _splitter.TryFinish();
                default:
                    return false;
            }
        }
    }

    public void Dispose()
    {
        if (_holdsBuffer)
        {
            body.AdvanceTo(_buffer.End);
        }

        _hash?.Dispose();
        _splitter.Dispose();
    }

    private async Task CopyAsync(Stream content, CancellationToken cancellationToken)
    {
        var step = await PumpAsync(content, cancellationToken);
        if (step != SplitStep.AttachmentEnds)
        {
            _ = step == SplitStep.More && _splitter.TryFinish();

            // The only way to tell the store that nothing is to be kept.
            throw new BodyRefusedException();
        }

        await FlushAsync(content, cancellationToken);
    }

    /// <returns><see cref="SplitStep.More"/> at the end of the body.</returns>
    private async ValueTask<SplitStep> PumpAsync(Stream? content, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (!_rest.IsEmpty)
            {
                var step = Split();
                if (content is not null && _splitter.Outgoing.Length >= RequestLimits.AttachmentThreshold)
                {
                    await FlushAsync(content, cancellationToken);
                }

                if (step != SplitStep.More)
                {
                    return step;
                }
            }

            if (_isLast)
            {
                return SplitStep.More;
            }

            if (!await PullAsync(cancellationToken))
            {
                IsTooLarge = true;
                return SplitStep.Fault;
            }
        }
    }

    private SplitStep Split()
    {
        var span = _rest.FirstSpan;
        var left = span;
        var step = _splitter.Step(ref left);
        _rest = _rest.Slice(span.Length - left.Length);
        return step;
    }

    private async ValueTask<bool> PullAsync(CancellationToken cancellationToken)
    {
        if (_holdsBuffer)
        {
            body.AdvanceTo(_buffer.End);
            _holdsBuffer = false;
        }

        var read = await body.ReadAsync(cancellationToken);
        if (read.IsCanceled)
        {
            throw new OperationCanceledException("Reading the body was stopped.");
        }

        var isFirst = _length == 0;
        (_buffer, _rest, _holdsBuffer, _isLast) = (read.Buffer, read.Buffer, true, read.IsCompleted);
        _length += _buffer.Length;
        Hash();
        if (isFirst)
        {
            SkipByteOrderMark();
        }

        return _length <= limits.MaxBodyBytes;
    }

    /// <summary>A small body comes in one piece: no need for an incremental hash.</summary>
    private void Hash()
    {
        if (_isLast && _hash is null && _buffer.IsSingleSegment)
        {
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(_buffer.FirstSpan, digest);
            _digest = Convert.ToHexStringLower(digest);
            return;
        }

        _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var segment in _buffer)
        {
            _hash.AppendData(segment.Span);
        }
    }

    private void SkipByteOrderMark()
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        if (_rest.FirstSpan.StartsWith(mark))
        {
            _rest = _rest.Slice(mark.Length);
        }
    }

    private async ValueTask FlushAsync(Stream content, CancellationToken cancellationToken)
    {
        await content.WriteAsync(_splitter.Outgoing.WrittenMemory, cancellationToken);
        _splitter.Outgoing.Cut(0);
    }
}

/// <summary>Thrown through a blob store, which stores nothing then; never leaves the reader.</summary>
internal sealed class BodyRefusedException : Exception;
