using System.CommandLine.Invocation;
using System.Runtime.InteropServices;

namespace GeoWps.Adapters.Shell;

/// <summary>The command line client: verbs that a person or a script uses against a running server, over its public API.</summary>
public static class ShellModule
{
    /// <summary>Whether the first word asks for the client (or for help); settings of the server begin with a dash or a slash, or hold <c>=</c>.</summary>
    public static bool IsVerb(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return args is ["--help" or "-h" or "-?", ..]
            || (args is [{ Length: > 0 } first, ..] && first[0] is not ('-' or '/') && !first.Contains('=', StringComparison.Ordinal));
    }

    /// <returns>The exit code: 0 only when it worked, 1 when it did not, 2 for a command that can't be read, 130 after Ctrl-C.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        return await RunAsync(args, new Terminal(Console.Out, Console.Error, !Console.IsOutputRedirected && !Console.IsErrorRedirected), interrupted.Token);

        // The first Ctrl-C ends what is going on in good order, the second one at once.
        void Interrupt(PosixSignalContext context)
        {
            context.Cancel = !interrupted.IsCancellationRequested;
            interrupted.Cancel();
        }
    }

    internal static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken interrupted)
    {
        var parsed = CommandTree.Create(terminal).Parse(args, new() { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            // That a verb is missing says nothing more beside the word that is none.
            terminal.Complain([parsed.Errors[^1].Message, "see: geowps --help"]);
            return 2;
        }

        try
        {
            return await parsed.InvokeAsync(
                new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = terminal.Out, Error = terminal.Error },
                interrupted);
        }
        catch (CommandException failure)
        {
            terminal.Complain(failure.Lines);
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            terminal.Complain([failure.Message]);
            return 1;
        }
    }
}
