using GeoWps.Adapters.Execution.InProcess;

namespace GeoWps.Tests.Unit.Execution;

public sealed class LibPythonTests
{
    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", "/usr/bin/python3.11")]
    [InlineData("/usr/lib64/libpython3.12.so.1.0", "/usr/bin/python3.12")]
    [InlineData("/usr/local/lib/libpython3.9.so", "/usr/local/bin/python3.9")]
    public void The_interpreter_is_that_of_the_library_whatever_PATH_says(string library, string expected) => LibPython.Executable(library).ShouldBe(expected);
}
