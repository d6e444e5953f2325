using System.Globalization;
using System.Text.RegularExpressions;

namespace GeoWps.Tests.Architecture;

/// <summary>What the code must not do where it stands.</summary>
public sealed partial class CodeTests
{
    /// <summary>Event ids by the folder of a project; a log's reader relies on them.</summary>
    private static readonly (string Folder, int From, int To)[] _events =
    [
        ("src/Application/", 1000, 1999),
        ("src/Adapters/Storage/", 2000, 2999),
        ("src/Adapters/Execution/", 3000, 3999),
        ("src/Adapters/Http/", 4000, 4199),
        ("src/Adapters/TileSources/", 4200, 4299),
        ("src/Adapters/References/", 5000, 5999),
        ("src/Host/", 6000, 6999),
        ("src/Adapters/Discovery/", 7000, 7099),
        ("src/Adapters/Gateway/", 7100, 7199),
        ("src/Adapters/Messaging/", 8000, 8099),
    ];

    [Fact]
    public void The_server_asks_no_clock_but_its_own() => Clocks(Server()).ShouldBeEmpty();

    [Theory]
    [InlineData("var now = DateTime.Now;")]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = DateTimeOffset.UtcNow;")]
    [InlineData("var now = DateTimeOffset.Now;")]
    [InlineData("var day = DateTime.Today;")]
    public void Control_a_clock_is_found(string code) => Clocks([new SourceFile("src/Domain/A.cs", code)]).ShouldHaveSingleItem();

    [Fact]
    public void The_core_never_blocks_a_thread() => Blocking(Core()).ShouldBeEmpty();

    [Theory]
    [InlineData("Thread.Sleep(1);")]
    [InlineData("task.Wait();")]
    [InlineData("var x = task.GetAwaiter().GetResult();")]
    [InlineData("var x = GetAsync(1).Result;")]
    public void Control_a_blocked_thread_is_found(string code) => Blocking([new SourceFile("src/Application/A.cs", code)]).ShouldHaveSingleItem();

    [Fact]
    public void The_domain_touches_nothing_outside() => Impure(Repository.Sources("src/Domain", "*.cs")).ShouldBeEmpty();

    [Theory]
    [InlineData("File.ReadAllText(path)")]
    [InlineData("Environment.GetEnvironmentVariable(name)")]
    [InlineData("Task.Run(() => 1)")]
    [InlineData("Guid.NewGuid()")]
    [InlineData("Random.Shared.Next()")]
    [InlineData("Console.WriteLine()")]
    [InlineData("new HttpClient()")]
    public void Control_a_touch_is_found(string code) => Impure([new SourceFile("src/Domain/A.cs", code)]).ShouldHaveSingleItem();

    [Fact]
    public void Nothing_static_changes() => ChangingStatics(Repository.Sources("src", "*.cs")).ShouldBeEmpty();

    [Theory]
    [InlineData("private static int _count;")]
    [InlineData("internal static Dictionary<string, int> Cache = new();")]
    [InlineData("    public static string Name { get; set; }")]
    public void Control_a_changing_static_is_found(string code) => ChangingStatics([new SourceFile("src/Domain/A.cs", code)]).ShouldHaveSingleItem();

    [Theory]
    [InlineData("private static readonly int _count = 1;")]
    [InlineData("public static string Name { get; } = \"a\";")]
    [InlineData("public static string Name => \"a\";")]
    [InlineData("public static Job New(int a) =>")]
    public void Control_what_does_not_change_is_not_found(string code) => ChangingStatics([new SourceFile("src/Domain/A.cs", code)]).ShouldBeEmpty();

    [Fact]
    public void Event_ids_are_unique_and_in_their_ranges() => WrongEvents(Repository.Sources("src", "*.cs")).ShouldBeEmpty();

    [Theory]
    [InlineData("src/Application/A.cs", "[LoggerMessage(EventId = 2001, Level = LogLevel.Error)]")]
    [InlineData("src/Application/A.cs", "[LoggerMessage(EventId = 1001, Level = LogLevel.Error)]\n[LoggerMessage(EventId = 1001, Level = LogLevel.Error)]")]
    [InlineData("src/Application/A.cs", "[LoggerMessage(Level = LogLevel.Error)]")]
    [InlineData("src/Adapters/New/A.cs", "[LoggerMessage(EventId = 9001, Level = LogLevel.Error)]")]
    public void Control_a_wrong_event_id_is_found(string path, string text) => WrongEvents([new SourceFile(path, text)]).ShouldHaveSingleItem();

    // The client is a process of a person's, with a person's clock.
    private static IEnumerable<SourceFile> Server() => Repository.Sources("src", "*.cs").Where(file => !file.Path.StartsWith("src/Adapters/Shell/", StringComparison.Ordinal));

    private static IEnumerable<SourceFile> Core() => [.. Repository.Sources("src/Domain", "*.cs"), .. Repository.Sources("src/Application", "*.cs")];

    private static string[] Clocks(IEnumerable<SourceFile> files) => Find(files, Clock());

    private static string[] Blocking(IEnumerable<SourceFile> files) => Find(files, Block());

    private static string[] Impure(IEnumerable<SourceFile> files) => Find(files, Outside());

    private static string[] ChangingStatics(IEnumerable<SourceFile> files) => Find(files, ChangingStatic());

    private static string[] Find(IEnumerable<SourceFile> files, Regex what) =>
        [.. files.SelectMany(file => file.Lines.Where(line => what.IsMatch(line.Code)).Select(line => $"{file.Path}:{line.Number}: {line.Code.Trim()}"))];

    private static string[] WrongEvents(IEnumerable<SourceFile> files)
    {
        var events = files.SelectMany(file => LoggerMessage().Matches(file.Text).Select(match => (
            file.Path,
            Id: int.TryParse(match.Groups["id"].Value, CultureInfo.InvariantCulture, out var id) ? id : 0))).ToArray();
        return
        [
            .. events.Where(one => !Array.Exists(_events, range => one.Path.StartsWith(range.Folder, StringComparison.Ordinal) && one.Id >= range.From && one.Id <= range.To))
                .Select(one => $"{one.Path}: {one.Id} is not in its range"),
            .. events.GroupBy(one => one.Id).Where(same => same.Key != 0 && same.Count() > 1).Select(same => $"{same.Key} is used {same.Count()} times"),
        ];
    }

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b")]
    private static partial Regex Clock();

    [GeneratedRegex(@"\bThread\.Sleep\(|\.Wait\(\)|\.GetAwaiter\(\)\.GetResult\(\)|Async\([^)]*\)\.Result\b")]
    private static partial Regex Block();

    [GeneratedRegex(@"\b(File|Directory|Environment|Console|Random|Thread|Socket|HttpClient|Process\.Start)\b[.(]|\bTask\.Run\(|\bGuid\.NewGuid\(")]
    private static partial Regex Outside();

    [GeneratedRegex(@"^\s*((public|private|internal|protected) )+static (?!readonly |class |partial |async |event )(?:volatile )?[\w<>?.,\[\] ]+? \w+( = .*| \{ get; (private |internal )?set; \}.*|;\s*)$")]
    private static partial Regex ChangingStatic();

    [GeneratedRegex(@"\[LoggerMessage\((?:[^\]]*?EventId = (?<id>\d+))?")]
    private static partial Regex LoggerMessage();
}
