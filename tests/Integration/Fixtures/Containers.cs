using System.Net.Sockets;

namespace GeoWps.Tests.Integration.Fixtures;

/// <summary>Whether this machine has an engine that runs containers.</summary>
internal static class Containers
{
    private const string Switch = "GEOWPS_TEST_CONTAINERS";

    private static readonly Lazy<bool> Answers = new(EngineAnswers);

    /// <summary>Whether tests have their servers from there.</summary>
    public static bool AreUsed => Environment.GetEnvironmentVariable(Switch) switch { "1" => true, "0" => false, _ => Answers.Value };

    /// <summary>The reason to skip a test of that way; <see langword="null"/> where it is gone.</summary>
    public static string? WhyNot => AreUsed ? null : $"no container engine answers (DOCKER_HOST, /var/run/docker.sock), and {Switch} is not 1";

    private static bool EngineAnswers()
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST") ?? "unix:///var/run/docker.sock";
        if (!Uri.TryCreate(host, UriKind.Absolute, out var address))
        {
            return false;
        }

        try
        {
            using var handler = new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellationToken) =>
                {
                    var isFile = address.Scheme == "unix";
                    var socket = isFile ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) : new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await (isFile ? socket.ConnectAsync(new UnixDomainSocketEndPoint(address.AbsolutePath), cancellationToken) : socket.ConnectAsync(address.Host, address.Port, cancellationToken));
                    return new NetworkStream(socket, ownsSocket: true);
                },
            };
            using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5) };
            using var answer = client.Send(new HttpRequestMessage(HttpMethod.Get, "http://engine/_ping"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or SocketException or IOException)
        {
            return false;
        }
    }
}

/// <summary>A test of what runs in a container; skipped, and counted so, where no engine is.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContainerFactAttribute : FactAttribute
{
    public ContainerFactAttribute() => Skip = Containers.WhyNot;
}

/// <summary>A test of the installed PostgreSQL; skipped, and counted so, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InstalledPostgresFactAttribute : FactAttribute
{
    public InstalledPostgresFactAttribute() => Skip = InstalledPostgres.WhyNot;
}
