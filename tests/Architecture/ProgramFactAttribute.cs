using System.ComponentModel;
using System.Diagnostics;

namespace GeoWps.Tests.Architecture;

/// <summary>A test that another program helps with: skipped, with the reason, where a call of it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program, params string[] arguments)
    {
        if (Run("", program, arguments).Code != 0)
        {
            Skip = $"'{program} {string.Join(' ', arguments)}' does not work here";
        }
    }

    /// <summary>What the program writes, errors after the rest, and its exit code; -1 without the program.</summary>
    internal static (int Code, string Said) Run(string input, string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            var said = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
            process.WaitForExit();
            return (process.ExitCode, said);
        }
        catch (Win32Exception)
        {
            return (-1, "");
        }
    }
}
