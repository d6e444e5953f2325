using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace GeoWps.Adapters.Execution.InProcess;

/// <summary>CPython inside this process.</summary>
internal sealed unsafe partial class LibPython
{
    private const int Now = 2;
    private const int Global = 0x100;

    private static readonly string[] Folders =
        ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib"];

    private readonly delegate* unmanaged<int, void> _initialize;
    private readonly delegate* unmanaged<byte*, int> _run;

    private LibPython(nint library)
    {
        _initialize = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "Py_InitializeEx");
        _run = (delegate* unmanaged<byte*, int>)NativeLibrary.GetExport(library, "PyRun_SimpleString");
    }

    /// <returns>The newest there is; <see langword="null"/>: none.</returns>
    public static string? Find() => Folders
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "libpython3.*.so*"))
        .Select(path => (Path: path, Match: LibraryName().Match(Path.GetFileName(path))))
        .Where(found => found.Match.Success)
        .OrderByDescending(found => int.Parse(found.Match.Groups["minor"].ValueSpan, CultureInfo.InvariantCulture))
        .ThenByDescending(found => found.Path.Length)
        .Select(found => found.Path)
        .FirstOrDefault();

    /// <summary>With its symbols for everybody: extension modules look for them.</summary>
    public static LibPython Load(string path)
    {
        var library = Open(path, Now | Global);
        if (library == 0)
        {
            throw new InvalidOperationException($"{Path.GetFileName(path)} can't be loaded.");
        }

        SetProgram(library, Executable(path));
        return new LibPython(library);
    }

    /// <summary>The interpreter that the library belongs to.</summary>
    internal static string Executable(string library) =>
        $"{library[..library.IndexOf("/lib", StringComparison.Ordinal)]}/bin/python3.{LibraryName().Match(Path.GetFileName(library)).Groups["minor"].Value}";

    /// <summary>Starts Python and runs a program to its end, in the calling thread, which must be the only one that ever does. No handlers of signals are set; an exception that ends it is told on stderr.</summary>
    public void Run(string program)
    {
        _initialize(0);
        var text = Marshal.StringToCoTaskMemUTF8(program);
        try
        {
            _ = _run((byte*)text);
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
    }

    /// <summary>Python looks for its own modules where its program is; untold it takes the first python3 in PATH, which may be another version.</summary>
    private static void SetProgram(nint library, string program)
    {
        if (NativeLibrary.TryGetExport(library, "Py_SetProgramName", out var set))
        {
            // wchar_t has four bytes on Linux; Python keeps the pointer.
            var bytes = Encoding.UTF32.GetBytes(program + '\0');
            var text = Marshal.AllocHGlobal(bytes.Length);
            Marshal.Copy(bytes, 0, text, bytes.Length);
            ((delegate* unmanaged<nint, void>)set)(text);
        }
    }

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path, int flags);

    [GeneratedRegex(@"^libpython3\.(?<minor>\d+)\.so(\.[\d.]+)?$")]
    private static partial Regex LibraryName();
}
