using System.Globalization;

namespace GeoWps.Adapters.Execution.Staging;

/// <summary>Counts what really came out: the sizes that a zip file tells of itself are its sender's claims.</summary>
internal sealed class ZipBudget(SafeZipLimits limits, long zipBytes)
{
    private long _unpacked;

    /// <returns>What is wrong; null while all is well.</returns>
    public string? Spend(int bytes)
    {
        _unpacked += bytes;
        if (_unpacked > limits.UnpackedBytes)
        {
            return string.Create(CultureInfo.InvariantCulture, $"holds more than {limits.UnpackedBytes} bytes unpacked");
        }

        // Against the file's own length: entries that share their packed bytes would each look modest.
        var isBomb = _unpacked > limits.RatioFromBytes && _unpacked / limits.Ratio >= zipBytes;
        return isBomb ? string.Create(CultureInfo.InvariantCulture, $"unpacks to more than {limits.Ratio} times its size") : null;
    }
}
