namespace GeoWps.Adapters.Formats;

internal enum GeoJsonKind
{
    FeatureCollection,
    Feature,
    Geometry,
}

/// <summary>What a pass does with each feature; the text is gone afterwards.</summary>
internal interface IFeaturePass
{
    void Visit(ReadOnlySpan<byte> text, GeoJsonKind kind);

    /// <summary>Between features, where a pass may wait.</summary>
    ValueTask RestAsync(CancellationToken cancellationToken);

    void VisitCrs(ref JsonCursor cursor);
}

/// <summary>
/// Walks through a GeoJSON text member by member and feature by feature. Which kind of text it is may stand at its very end, so the first
/// walk takes each <c>features</c> for a collection's until it knows better.
/// </summary>
internal sealed class GeoJsonDocument(Stream stream, IFeaturePass pass) : IDisposable
{
    private readonly ByteWindow _window = new(stream);
    private GeoJsonKind? _kind;

    /// <summary>Of the feature being read, from 1; 0 outside features.</summary>
    public long FeatureNumber { get; private set; }

    /// <summary>Bytes from the beginning of the text to where the last value began.</summary>
    public long Offset => _window.Position;

    /// <returns>The kind that the text says it is; for all but a collection nothing has been visited and <see cref="WalkWholeAsync"/> must follow.</returns>
    public async Task<GeoJsonKind> WalkAsync(CancellationToken cancellationToken)
    {
        var sawFeatures = false;
        await SkipByteOrderMarkAsync(cancellationToken);
        await TakeAsync((byte)'{', "a GeoJSON object", cancellationToken);
        if (!await TryTakeAsync((byte)'}', cancellationToken))
        {
            do
            {
                if (await WalkMemberAsync(cancellationToken))
                {
                    sawFeatures = true;
                }
            }
            while (await MoreAsync((byte)'}', cancellationToken));
        }

        if (await PeekAsync(cancellationToken) >= 0)
        {
            Fail("expected nothing more behind the GeoJSON object");
        }

        return _kind switch
        {
            null => throw new GeoJsonException(0, "a GeoJSON object needs a \"type\""),
            GeoJsonKind.FeatureCollection when !sawFeatures => throw new GeoJsonException(0, "a FeatureCollection needs \"features\""),
            { } kind => kind,
        };
    }

    /// <summary>Visits the text as the one feature or geometry that it is.</summary>
    public async Task WalkWholeAsync(GeoJsonKind kind, CancellationToken cancellationToken)
    {
        await SkipByteOrderMarkAsync(cancellationToken);
        await PeekAsync(cancellationToken);
        var length = await FrameAsync(cancellationToken);
        FeatureNumber = 1;
        pass.Visit(_window.Rest[..length], kind);
        await pass.RestAsync(cancellationToken);
    }

    public void Dispose() => _window.Dispose();

    private async ValueTask<bool> WalkMemberAsync(CancellationToken cancellationToken)
    {
        var isFeatures = false;
        var isType = false;
        var isCrs = false;
        if (await PeekAsync(cancellationToken) != '"')
        {
            Fail("expected a name in quotes");
        }

        Parse(await FrameAsync(cancellationToken), (ref JsonCursor cursor) =>
        {
            var name = cursor.TakeString("a name in quotes");
            (isFeatures, isType, isCrs) = (name.Is("features"u8), name.Is("type"u8), name.Is("crs"u8));
        });
        await TakeAsync((byte)':', "':'", cancellationToken);
        var next = await PeekAsync(cancellationToken);
        if (isFeatures && (_kind is null or GeoJsonKind.FeatureCollection))
        {
            if (next != '[')
            {
                Fail("\"features\" must be an array of features");
            }

            await WalkFeaturesAsync(cancellationToken);
            return true;
        }

        Parse(await FrameAsync(cancellationToken), (ref JsonCursor cursor) =>
        {
            if (isType)
            {
                _kind = TakeKind(ref cursor);
            }
            else if (isCrs)
            {
                pass.VisitCrs(ref cursor);
            }
            else
            {
                cursor.Skip(1);
            }
        });
        return false;
    }

    private async ValueTask WalkFeaturesAsync(CancellationToken cancellationToken)
    {
        _window.Advance(1);
        if (await TryTakeAsync((byte)']', cancellationToken))
        {
            return;
        }

        do
        {
            FeatureNumber++;
            if (await PeekAsync(cancellationToken) != '{')
            {
                Fail("a feature must be an object");
            }

            var length = await FrameAsync(cancellationToken);
            pass.Visit(_window.Rest[..length], GeoJsonKind.Feature);
            _window.Advance(length);
            await pass.RestAsync(cancellationToken);
        }
        while (await MoreAsync((byte)']', cancellationToken));
        FeatureNumber = 0;
    }

    private delegate void CursorAction(ref JsonCursor cursor);

    private void Parse(int length, CursorAction action)
    {
        var cursor = new JsonCursor(_window.Rest[..length]);
        action(ref cursor);
        if (cursor.Peek() != 0)
        {
            cursor.Fail("expected the value to end");
        }

        _window.Advance(length);
    }

    private static GeoJsonKind TakeKind(ref JsonCursor cursor)
    {
        cursor.Peek();
        var at = cursor.Position;
        var name = cursor.TakeString("the name of a GeoJSON type");
        if (name.Is("FeatureCollection"u8))
        {
            return GeoJsonKind.FeatureCollection;
        }

        if (name.Is("Feature"u8))
        {
            return GeoJsonKind.Feature;
        }

        if (!GeometryParser.TryParseType(name, out _))
        {
            cursor.Position = at;
            cursor.Fail($"unknown GeoJSON type \"{GeometryParser.Shown(name)}\"");
        }

        return GeoJsonKind.Geometry;
    }

    /// <summary>Bytes of the value that begins here; all that is left when it has no end, and the parser will say so.</summary>
    private async ValueTask<int> FrameAsync(CancellationToken cancellationToken)
    {
        var frame = default(JsonFrame);
        int length;
        while (!frame.TryFind(_window.Rest, out length))
        {
            if (!await _window.FillAsync(cancellationToken))
            {
                return _window.Rest.Length;
            }
        }

        return length;
    }

    private async ValueTask SkipByteOrderMarkAsync(CancellationToken cancellationToken)
    {
        if (await _window.EnsureAsync(3, cancellationToken) && _window.Rest.StartsWith("\uFEFF"u8))
        {
            _window.Advance(3);
        }
    }

    /// <summary>The next byte that is not white space, -1 at the end.</summary>
    private async ValueTask<int> PeekAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var rest = _window.Rest;
            var next = rest.IndexOfAnyExcept(" \t\r\n"u8);
            _window.Advance(next < 0 ? rest.Length : next);
            if (next >= 0)
            {
                return _window.Rest[0];
            }

            if (!await _window.FillAsync(cancellationToken))
            {
                return -1;
            }
        }
    }

    private async ValueTask<bool> TryTakeAsync(byte expected, CancellationToken cancellationToken)
    {
        if (await PeekAsync(cancellationToken) != expected)
        {
            return false;
        }

        _window.Advance(1);
        return true;
    }

    private async ValueTask TakeAsync(byte expected, string what, CancellationToken cancellationToken)
    {
        if (!await TryTakeAsync(expected, cancellationToken))
        {
            FailExpected(what);
        }
    }

    private async ValueTask<bool> MoreAsync(byte close, CancellationToken cancellationToken)
    {
        if (await TryTakeAsync((byte)',', cancellationToken))
        {
            return true;
        }

        await TakeAsync(close, close == '}' ? "',' or '}'" : "',' or ']'", cancellationToken);
        return false;
    }

    private void FailExpected(string what) => new JsonCursor(_window.Rest).FailExpected(what);

    private static void Fail(string message) => throw new GeoJsonException(0, message);
}
