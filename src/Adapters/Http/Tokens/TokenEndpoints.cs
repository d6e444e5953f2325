using GeoWps.Adapters.Http.Answers;
using GeoWps.Application.Security;
using GeoWps.Domain.Processes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Tokens;

/// <summary><c>GET /admin/tokens</c>: all, by name; never the tokens themselves.</summary>
internal sealed class ListTokensEndpoint(TokenBook tokens, TimeProvider clock) : AdminEndpoint
{
    public override void Configure() => GetAndHead("/admin/tokens");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var (all, now, baseAddress, self) = (await tokens.ListAsync(ct), clock.GetUtcNow(), BaseAddress, Request.With());
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("tokens");
            foreach (var token in all)
            {
                TokenAnswers.Write(json, token, now, baseAddress);
            }

            json.WriteEndArray();
            json.WriteLinks(new Link(self, "self", Media.Json, "This document"));
            json.WriteEndObject();
        });
    }
}

/// <summary><c>POST /admin/tokens</c>: 201 with the token, this once; 409 when its name is taken.</summary>
internal sealed class AddTokenEndpoint(TokenBook tokens, TimeProvider clock) : AdminEndpoint
{
    private const int MostBytes = 16 * 1024;

    public override void Configure() => Post("/admin/tokens");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var (json, problem) = await SmallBody.ReadAsync(Request, MostBytes, "the token", ct);
        if (json is null)
        {
            return problem!;
        }

        var (mistakes, now) = (new List<Mistake>(), clock.GetUtcNow());
        if (TokenForm.Read(json.Value, now, mistakes) is not { } wish)
        {
            return Problems.InvalidInput(mistakes);
        }

        switch (await tokens.AddAsync(wish, ct))
        {
            case TokenMade.Made(var token, var text):
                var baseAddress = BaseAddress;
                HttpContext.Response.Headers.Location = TokenAnswers.AddressOf(baseAddress, token.Name);
                return new JsonAnswer(writer => TokenAnswers.Write(writer, token, now, baseAddress, text)) { Status = StatusCodes.Status201Created, IsSecret = true };
            case TokenMade.Exists:
                return Problems.TokenExists(wish.Name);
            case TokenMade.TooMany:
                return Problems.TooManyTokens(TokenBook.Most);
            case var other:
                throw new InvalidOperationException($"{other.GetType().Name} is an outcome that nobody answers");
        }
    }
}

/// <summary><c>GET /admin/tokens/{token}</c>, by its name.</summary>
internal sealed class ShowTokenEndpoint(TokenBook tokens, TimeProvider clock) : AdminEndpoint
{
    public override void Configure() => GetAndHead("/admin/tokens/{token}");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct)
    {
        var (name, now, baseAddress) = (Segment("token"), clock.GetUtcNow(), BaseAddress);
        return (await tokens.ListAsync(ct)).FirstOrDefault(token => token.Name == name) is { } found
            ? new JsonAnswer(json => TokenAnswers.Write(json, found, now, baseAddress))
            : Problems.NoSuchToken(name);
    }
}

/// <summary><c>DELETE /admin/tokens/{token}</c>: revokes it.</summary>
internal sealed class RevokeTokenEndpoint(TokenBook tokens) : AdminEndpoint
{
    public override void Configure() => Delete("/admin/tokens/{token}");

    protected override async Task<IResult> AdministerAsync(CancellationToken ct) =>
        await tokens.RevokeAsync(Segment("token"), ct) ? TypedResults.NoContent() : Problems.NoSuchToken(Segment("token"));
}
