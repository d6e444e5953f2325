namespace GeoWps.Adapters.Shell;

/// <summary>Ends a command: one line for each thing that is wrong, and the exit code (1: it failed, 2: it was asked for wrongly).</summary>
internal class CommandException(IReadOnlyList<string> lines, int exitCode = 1) : Exception(string.Join(Environment.NewLine, lines))
{
    public CommandException(string line, int exitCode = 1)
        : this([line], exitCode)
    {
    }

    public IReadOnlyList<string> Lines { get; } = lines;

    public int ExitCode { get; } = exitCode;

    public static CommandException Usage(string line) => new(line, exitCode: 2);
}
