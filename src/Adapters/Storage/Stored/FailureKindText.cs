using GeoWps.Domain.Jobs;

namespace GeoWps.Adapters.Storage.Stored;

/// <summary>Kinds of failure as they are stored, both ways.</summary>
internal static class FailureKindText
{
    public static string Of(FailureKind kind) => kind switch
    {
        FailureKind.Algorithm => "algorithm",
        FailureKind.Input => "input",
        FailureKind.Time => "time",
        FailureKind.Memory => "memory",
        FailureKind.Crash => "crash",
        FailureKind.Lost => "lost",
        FailureKind.Internal => "internal",
    };

    public static FailureKind Parse(string text) => text switch
    {
        "algorithm" => FailureKind.Algorithm,
        "input" => FailureKind.Input,
        "time" => FailureKind.Time,
        "memory" => FailureKind.Memory,
        "crash" => FailureKind.Crash,
        "lost" => FailureKind.Lost,
        "internal" => FailureKind.Internal,
        _ => throw new InvalidDataException($"'{text}' is no kind of failure."),
    };
}
