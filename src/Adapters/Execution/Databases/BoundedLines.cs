using System.Text;
using GeoWps.Application.Ports;

namespace GeoWps.Adapters.Execution.Databases;

/// <summary>Rows, a line each, of which none is larger than memory should hold.</summary>
internal sealed class BoundedLines(TextReader from)
{
    /// <summary>Characters; bytes of a column are two each.</summary>
    private const int Most = 64 * 1024 * 1024;

    private readonly char[] _buffer = new char[64 * 1024];
    private (int At, int End) _left;

    /// <returns><see langword="null"/>: there is no more.</returns>
    /// <exception cref="HarvestException">It is larger.</exception>
    public async ValueTask<string?> NextAsync(CancellationToken cancellationToken)
    {
        for (StringBuilder? line = null; ;)
        {
            if (_left.At == _left.End && (_left = (0, await from.ReadAsync(_buffer, cancellationToken))).End == 0)
            {
                return line?.ToString();
            }

            var (at, end) = _left;
            var length = _buffer.AsSpan(at, end - at).IndexOf('\n');
            if (length >= 0)
            {
                _left.At = at + length + 1;
                return line is null ? new string(_buffer, at, length) : line.Append(_buffer, at, length).ToString();
            }

            _left.At = end;
            line = (line ?? new StringBuilder()).Append(_buffer, at, end - at);
            if (line.Length > Most)
            {
                throw new HarvestException($"a row takes more than {Most / (1024 * 1024)} MiB");
            }
        }
    }
}
