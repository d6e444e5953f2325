namespace GeoWps.Application.Ports;

/// <summary>
/// Asks other servers that the operator published layers of. The rule of what may be reached is that of <see cref="IReferenceFetcher"/>: private addresses
/// only where <c>Inputs:AllowedHosts</c> names the host. Unlike a fetch, every answer is one: its status is the caller's to judge.
/// </summary>
public interface IServerClient
{
    /// <summary>Judges an address by its form and host alone, without a connection.</summary>
    /// <returns>Why it is refused, or <see langword="null"/>.</returns>
    string? Refuse(string href);

    /// <summary>Asks once, by GET, following redirects, and reads the whole answer.</summary>
    Task<ServerAnswer> GetAsync(ServerRequest request, CancellationToken cancellationToken);
}

/// <param name="Accept">Media types, as the header has them.</param>
/// <param name="AcceptEncoding">What the content may be packed with; it is given as it came.</param>
/// <param name="MaxBytes">Of the content; more is <see cref="ServerAnswer.TooLarge"/>.</param>
/// <param name="TimeLimit">For the whole of it.</param>
public sealed record ServerRequest(string Href, string Accept, string? AcceptEncoding, int MaxBytes, TimeSpan TimeLimit);

public abstract record ServerAnswer
{
    private ServerAnswer()
    {
    }

    /// <param name="ContentType">Without parameters, in small letters.</param>
    /// <param name="ContentEncoding">In small letters; <see langword="null"/> when it is not packed.</param>
    /// <param name="RetryAfter">What the server asks for.</param>
    public sealed record Answered(int Status, string? ContentType, string? ContentEncoding, ReadOnlyMemory<byte> Content, TimeSpan? RetryAfter) : ServerAnswer;

    public sealed record TooLarge : ServerAnswer;

    /// <summary>It may not be reached: the reason, safe to show. Asking again changes nothing.</summary>
    public sealed record Refused(string Message) : ServerAnswer;

    /// <summary>No connection, or no answer in time: the reason, safe to show.</summary>
    public sealed record Failed(string Message) : ServerAnswer;
}
