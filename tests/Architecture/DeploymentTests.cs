using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace GeoWps.Tests.Architecture;

/// <summary>What <c>compose</c> and <c>deploy</c> say fits what the program takes, and tells nobody a secret. None of it is started here.</summary>
public sealed partial class DeploymentTests
{
    /// <summary>Settings with names of the operator's below them.</summary>
    private static readonly string[] _named = ["Gateway:Policies", "Gateway:Composites", "Sources:Connections"];

    /// <summary>Each puts something over /proc, with which bubblewrap can't mount one of its own, or keeps .NET from compiling.</summary>
    private static readonly string[] _tooHigh =
        ["ProtectHostname", "ProtectKernelTunables", "ProtectKernelLogs", "ProtectProc", "ProcSubset", "MemoryDenyWriteExecute"];

    [Fact]
    public void Every_setting_is_in_the_reference_page()
    {
        var files = Files();
        Settings(files).Count().ShouldBeGreaterThan(40);
        Unknown(files, Repository.Sources("docs", "settings.md").Single().Text).ShouldBeEmpty();
    }

    [Fact]
    public void Control_a_setting_that_is_not_there_is_found()
    {
        var files = new[] { new SourceFile("a.yml", "GEOWPS__urls: x\nGEOWPS__Node__Role: Worker\nGEOWPS__Node__Rolle: Worker\n#GEOWPS__Gateway__Policies__tiles=Random\n") };

        Unknown(files, "| `urls` | … |\n| `Node:Role` | … |\n| `Gateway:Policies` | … |").ShouldBe(["a.yml: Node:Rolle"]);
    }

    [Fact]
    public void Nobody_is_told_a_secret() => Secrets(Files()).ShouldBeEmpty();

    [Theory]
    [InlineData("POSTGRES_PASSWORD=geowps")]
    [InlineData("POSTGRES_PASSWORD: \"geowps\"")]
    [InlineData("Host=a;Password=geowps;Database=b")]
    [InlineData("GEOWPS__Security__AdminToken=0123456789abcdef")]
    [InlineData("GEOWPS_ADMIN_TOKEN=0123456789abcdef")]
    public void Control_a_secret_is_found(string line) => Secrets([new SourceFile("a.yml", line)]).ShouldHaveSingleItem();

    [Theory]
    [InlineData("compose", "Dockerfile")]
    [InlineData("deploy", "README.md")]
    public void What_the_server_needs_is_installed(string folder, string name) =>
        Packages().Where(package => !Words().Matches(Repository.Sources(folder, name).Single().Text).Any(word => word.Value == package)).ShouldBeEmpty();

    [Fact]
    public void Units_stop_in_order() => Repository.Sources("deploy", "*.service").SelectMany(UnitFaults).ShouldBeEmpty();

    [Fact]
    public void Control_a_unit_that_kills_a_draining_server_is_found() =>
        UnitFaults(new SourceFile("a.service", "Environment=GEOWPS__Node__DrainSeconds=30\nTimeoutStopSec=30\n")).Count().ShouldBe(2);

    [Fact]
    public void Units_with_QGIS_leave_its_sandbox_room() => Repository.Sources("deploy", "*.service").SelectMany(TooHigh).ShouldBeEmpty();

    [Fact]
    public void Control_a_wall_that_is_too_high_is_found() =>
        TooHigh(new SourceFile("a.service", "Environment=GEOWPS__Python__Sandbox=Required\nProtectProc=invisible\n")).ShouldBe(["a.service: ProtectProc"]);

    [ProgramFact("systemd-analyze", "--version")]
    public void Systemd_reads_the_units_without_a_word()
    {
        var units = Repository.Sources("deploy", "*.service");
        units.Count.ShouldBe(3);
        units.SelectMany(Verify).ShouldBeEmpty();
    }

    [ProgramFact("systemd-analyze", "--version")]
    public void Control_a_word_that_systemd_does_not_know_is_found() =>
        Verify(new SourceFile("a.service", "[Service]\nExecStart=/usr/bin/dotnet a\nKilMode=mixed\n")).ShouldHaveSingleItem().ShouldContain("KilMode");

    [ProgramFact("/usr/bin/python3", "-c", "import yaml")]
    public void Containers_are_guarded_limited_and_not_published()
    {
        var example = Repository.Sources("compose", ".env.example").Single().Text;
        var files = Repository.Sources("compose", "*.yml");
        files.Count.ShouldBe(2);
        files.SelectMany(file => ContainerFaults(file.Path, Parse(file.Text), file.Text, example)).ShouldBeEmpty();
    }

    [ProgramFact("/usr/bin/python3", "-c", "import yaml")]
    public void Control_a_careless_container_is_found()
    {
        const string text = """
            services:
              a: { image: geowps, ports: ["8080:8080"], volumes: ["data:/data"], depends_on: { b: {} }, stop_grace_period: 30s, environment: { GEOWPS__Node__DrainSeconds: "30", X: "${NOWHERE}" } }
            """;

        ContainerFaults("a.yml", Parse(text), text, "").ShouldBe(
            [
                "a.yml: NOWHERE is not in .env.example", "a.yml: a: no restart", "a.yml: a: no healthcheck", "a.yml: a: no limits", "a.yml: a: published", "a.yml: a: no volume data",
                "a.yml: a: no service b", "a.yml: a: killed while it drains",
            ],
            ignoreOrder: true);
    }

    [ProgramFact("/usr/bin/python3", "-c", "import yaml")]
    public void Control_what_is_no_YAML_is_found() => Should.Throw<InvalidDataException>(() => Parse("services: [a"));

    // Not the operator's own .env, which git ignores.
    private static IReadOnlyList<SourceFile> Files() =>
        [.. Repository.Sources("compose", "*").Where(file => file.Path != "compose/.env"), .. Repository.Sources("deploy", "*")];

    private static IEnumerable<(string Path, string Name)> Settings(IEnumerable<SourceFile> files) =>
        files.SelectMany(file => Setting().Matches(file.Text).Select(setting => (file.Path, setting.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal))))
            .Where(setting => setting.Item2 != "Section:Key");

    private static string[] Unknown(IEnumerable<SourceFile> files, string page)
    {
        var known = Row().Matches(page).Select(row => row.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        return [.. Settings(files)
            .Where(setting => !known.Contains(setting.Name) && !Array.Exists(_named, named => setting.Name.StartsWith(named + ":", StringComparison.Ordinal)))
            .Select(setting => $"{setting.Path}: {setting.Name}").Distinct()];
    }

    private static string[] Secrets(IEnumerable<SourceFile> files) =>
        [.. files.SelectMany(file => Secret().Matches(file.Text).Select(secret => $"{file.Path}: {secret.Value}"))];

    private static string[] Packages()
    {
        var packages = Regex.Match(Repository.Sources("scripts", "setup.sh").Single().Text, @"^server_packages=\((?<all>[^)$]+)\)", RegexOptions.Multiline).Groups["all"].Value.Split(' ');
        packages.ShouldContain("python3-qgis");
        return packages;
    }

    private static IEnumerable<string> UnitFaults(SourceFile unit)
    {
        if (Number(unit.Text, @"TimeoutStopSec=(\d+)") <= Number(unit.Text, @"GEOWPS__Node__DrainSeconds=(\d+)") + 5)
        {
            yield return $"{unit.Path}: killed while it drains";
        }

        if (!unit.Text.Contains("\nKillMode=mixed\n", StringComparison.Ordinal))
        {
            yield return $"{unit.Path}: no KillMode=mixed";
        }
    }

    private static string[] TooHigh(SourceFile unit) => unit.Text.Contains("GEOWPS__Python__Sandbox=Required", StringComparison.Ordinal)
        ? [.. _tooHigh.Where(wall => unit.Text.Contains($"\n{wall}=", StringComparison.Ordinal)).Select(wall => $"{unit.Path}: {wall}")]
        : [];

    /// <summary>What systemd says about a unit, but not whether the program is on this machine.</summary>
    private static string[] Verify(SourceFile unit)
    {
        var folder = Directory.CreateTempSubdirectory("geowps-unit-");
        try
        {
            var name = Path.GetFileName(unit.Path).Replace("@.", "@8081.", StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder.FullName, name), unit.Text.Replace("/usr/bin/dotnet", "/bin/true", StringComparison.Ordinal));
            var (code, said) = ProgramFactAttribute.Run("", "systemd-analyze", "verify", "--man=no", Path.Combine(folder.FullName, name));

            // It reads the machine's own units, too, and may not like them.
            return [.. said.Split('\n').Where(line => line.Contains(name, StringComparison.Ordinal)), .. code == 0 ? Array.Empty<string>() : [$"{name}: exit code {code}"]];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static JsonObject Parse(string yaml)
    {
        var (code, said) = ProgramFactAttribute.Run(yaml, "/usr/bin/python3", "-c", "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))");
        return code == 0 ? JsonNode.Parse(said)!.AsObject() : throw new InvalidDataException(said);
    }

    private static IEnumerable<string> ContainerFaults(string path, JsonObject file, string text, string example)
    {
        foreach (var variable in Variable().Matches(text).Select(variable => variable.Groups["name"].Value).Distinct().Where(name => !Regex.IsMatch(example, $"^#?{name}=", RegexOptions.Multiline)))
        {
            yield return $"{path}: {variable} is not in .env.example";
        }

        foreach (var (name, service) in file["services"]!.AsObject())
        {
            foreach (var fault in ServiceFaults(file, service!.AsObject()))
            {
                yield return $"{path}: {name}: {fault}";
            }
        }
    }

    private static IEnumerable<string> ServiceFaults(JsonObject file, JsonObject service)
    {
        foreach (var key in (string[])["restart", "healthcheck"])
        {
            if (service[key] is null)
            {
                yield return $"no {key}";
            }
        }

        if (service["deploy"]?["resources"]?["limits"]?["memory"] is null)
        {
            yield return "no limits";
        }

        if (service["ports"] is JsonArray ports && ports.Any(port => !port!.GetValue<string>().StartsWith("${GEOWPS_BIND:-127.0.0.1}:", StringComparison.Ordinal)))
        {
            yield return "published";
        }

        foreach (var volume in (service["volumes"] as JsonArray ?? []).Select(volume => volume!.GetValue<string>().Split(':')[0]).Where(volume => file["volumes"]?.AsObject().ContainsKey(volume) != true))
        {
            yield return $"no volume {volume}";
        }

        foreach (var (other, _) in (service["depends_on"] as JsonObject ?? []).Where(other => !file["services"]!.AsObject().ContainsKey(other.Key)))
        {
            yield return $"no service {other}";
        }

        if (service["environment"]?["GEOWPS__Node__DrainSeconds"] is { } drain
            && Number(service["stop_grace_period"]?.GetValue<string>() ?? "", @"^(\d+)s$") <= int.Parse(drain.GetValue<string>(), CultureInfo.InvariantCulture) + 5)
        {
            yield return "killed while it drains";
        }
    }

    private static int Number(string text, string pattern) =>
        Regex.Match(text, pattern) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("GEOWPS__(?<name>[A-Za-z]+(__[A-Za-z]+)*)")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^\| `(?<name>[\w:]+)`", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("""(AdminToken|ADMIN_TOKEN|PASSWORD|Password)(=|:[ ]*)"?(?!\$\{|\?)[^\s;"]+""")]
    private static partial Regex Secret();

    [GeneratedRegex(@"\$\{(?<name>\w+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"[\w.+-]+")]
    private static partial Regex Words();
}
