using GeoWps.Adapters.Http.Ows;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Wps;

/// <summary>What only WPS has a code for: 05-007r7 table 62, 14-065 table 43.</summary>
internal static class WpsFault
{
    public static OwsFault NoSuchOperation(string name) =>
        new("OperationNotSupported", name, $"There is no operation {name}; there are GetCapabilities, DescribeProcess, Execute, GetStatus, GetResult and Dismiss.");

    public static OwsFault NoSuchProcess(WpsVersion version, string id) =>
        new(version == WpsVersion.V100 ? "InvalidParameterValue" : "NoSuchProcess", version == WpsVersion.V100 ? "identifier" : id, $"There is no process {id}.", StatusCodes.Status404NotFound);

    public static OwsFault NoSuchJob(string id) => new("NoSuchJob", id, $"There is no job {id}.", StatusCodes.Status404NotFound);

    public static OwsFault TooLarge(WpsVersion version, long maxBytes) => new(
        version == WpsVersion.V100 ? "FileSizeExceeded" : "SizeExceeded",
        null,
        $"A request may have at most {maxBytes} bytes; give large inputs by reference.",
        StatusCodes.Status413PayloadTooLarge);
}
