using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Ows;

/// <summary>One thing that went wrong: <c>ows:Exception</c>, with the codes of 06-121r3 (table 27) and those of the service.</summary>
/// <param name="Locator">Where: the parameter, or the identifier of the input or output.</param>
/// <param name="Text">Safe to show.</param>
internal sealed record OwsFault(string Code, string? Locator, string Text, int Status = StatusCodes.Status400BadRequest)
{
    public static OwsFault Missing(string parameter) => new("MissingParameterValue", parameter, $"{parameter}: a value is required.");

    public static OwsFault Invalid(string parameter, string text) => new("InvalidParameterValue", parameter, text);

    /// <summary>What no code is for: what broke, too.</summary>
    public static OwsFault Other(string text, int status = StatusCodes.Status400BadRequest) => new("NoApplicableCode", null, text, status);
}

/// <summary>Ends the reading of a request that is refused; never leaves the reader.</summary>
internal sealed class OwsRefusedException(OwsFault fault) : Exception(fault.Text)
{
    public OwsFault Fault { get; } = fault;
}
