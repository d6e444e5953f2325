using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Wps;

/// <summary>One thing that went wrong: <c>ows:Exception</c>, with the codes of 06-121r3 (table 27) and of WPS (05-007r7 table 62, 14-065 table 43).</summary>
/// <param name="Locator">Where: the parameter, or the identifier of the input or output.</param>
/// <param name="Text">Safe to show.</param>
internal sealed record WpsFault(string Code, string? Locator, string Text, int Status = StatusCodes.Status400BadRequest)
{
    public static WpsFault Missing(string parameter) => new("MissingParameterValue", parameter, $"{parameter}: a value is required.");

    public static WpsFault Invalid(string parameter, string text) => new("InvalidParameterValue", parameter, text);

    public static WpsFault NotXml(string text) => new("NoApplicableCode", null, text);

    public static WpsFault NoSuchOperation(string name) =>
        new("OperationNotSupported", name, $"There is no operation {name}; there are GetCapabilities, DescribeProcess, Execute, GetStatus, GetResult and Dismiss.");

    public static WpsFault NoSuchProcess(WpsVersion version, string id) =>
        new(version == WpsVersion.V100 ? "InvalidParameterValue" : "NoSuchProcess", version == WpsVersion.V100 ? "identifier" : id, $"There is no process {id}.", StatusCodes.Status404NotFound);

    public static WpsFault NoSuchJob(string id) => new("NoSuchJob", id, $"There is no job {id}.", StatusCodes.Status404NotFound);

    public static WpsFault TooLarge(WpsVersion version, long maxBytes) => new(
        version == WpsVersion.V100 ? "FileSizeExceeded" : "SizeExceeded",
        null,
        $"A request may have at most {maxBytes} bytes; give large inputs by reference.",
        StatusCodes.Status413PayloadTooLarge);
}

/// <summary>Ends the reading of a request that is refused; never leaves the reader.</summary>
internal sealed class WpsRefusedException(WpsFault fault) : Exception(fault.Text)
{
    public WpsFault Fault { get; } = fault;
}
