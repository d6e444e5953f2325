namespace GeoWps.Adapters.Http.Wps.Requests;

/// <summary>
/// Watches XML go by and measures its tags. A reader holds a tag with all its attributes in memory, however long it is: text may be of any length, a tag
/// may not.
/// </summary>
internal sealed class TagGuard(int longest)
{
    private static ReadOnlySpan<byte> DataStart => "![CDATA["u8;

    private static ReadOnlySpan<byte> DataEnd => "]]>"u8;

    private static ReadOnlySpan<byte> CommentStart => "!--"u8;

    private static ReadOnlySpan<byte> CommentEnd => "-->"u8;

    private State _state = State.Text;
    private byte _quote;
    private int _length;
    private int _matched;

    private enum State
    {
        Text,

        /// <summary>After <c>&lt;</c>, as long as it may still become a comment or character data.</summary>
        Open,
        Tag,
        Quote,
        Data,
        Comment,
    }

    /// <returns><see langword="false"/> when a tag is longer than it may be.</returns>
    public bool Pass(ReadOnlySpan<byte> xml)
    {
        while (!xml.IsEmpty)
        {
            xml = xml[Step(xml)..];
            if (_length > longest)
            {
                return false;
            }
        }

        return true;
    }

    /// <returns>How many bytes were looked at.</returns>
    private int Step(ReadOnlySpan<byte> xml)
    {
        switch (_state)
        {
            case State.Text:
                return Until(xml, xml.IndexOf((byte)'<'), State.Open, counts: false);
            case State.Open:
                Open(xml[0]);
                return _state == State.Tag ? 0 : 1;
            case State.Tag:
                var mark = xml.IndexOfAny((byte)'"', (byte)'\'', (byte)'>');
                _quote = mark < 0 ? _quote : xml[mark];
                return Until(xml, mark, _quote == '>' ? State.Text : State.Quote, counts: true);
            case State.Quote:
                return Until(xml, xml.IndexOf(_quote), State.Tag, counts: true);
            default:
                return End(xml, _state == State.Data ? DataEnd : CommentEnd);
        }
    }

    /// <param name="at">Where the state ends; negative when it goes on.</param>
    private int Until(ReadOnlySpan<byte> xml, int at, State next, bool counts)
    {
        var passed = at < 0 ? xml.Length : at + 1;
        _length = counts ? _length + passed : 0;
        if (at >= 0)
        {
            (_state, _matched) = (next, 0);
        }

        return passed;
    }

    private void Open(byte letter)
    {
        var isData = _matched < DataStart.Length && letter == DataStart[_matched];
        var isComment = _matched < CommentStart.Length && letter == CommentStart[_matched];
        if (!isData && !isComment)
        {
            _state = State.Tag;
            return;
        }

        _matched++;
        if (isComment && _matched == CommentStart.Length)
        {
            (_state, _matched) = (State.Comment, 0);
        }
        else if (isData && _matched == DataStart.Length)
        {
            (_state, _matched) = (State.Data, 0);
        }
    }

    private int End(ReadOnlySpan<byte> xml, ReadOnlySpan<byte> end)
    {
        if (_matched == 0)
        {
            var first = xml.IndexOf(end[0]);
            if (first != 0)
            {
                return first < 0 ? xml.Length : first;
            }
        }

        // "]]]>" ends it, too: of a repeated letter the last ones count.
        _matched = xml[0] == end[_matched] ? _matched + 1 : _matched == 2 && xml[0] == end[1] ? 2 : xml[0] == end[0] ? 1 : 0;
        if (_matched == end.Length)
        {
            (_state, _matched) = (State.Text, 0);
        }

        return 1;
    }
}
