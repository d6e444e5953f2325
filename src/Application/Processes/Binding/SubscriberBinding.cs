using System.Text.Json;
using GeoWps.Application.Ports;
using GeoWps.Domain.Processes;

namespace GeoWps.Application.Processes.Binding;

/// <summary>Reads <c>subscriber</c>: clause 7.14. Its addresses obey the same rules as references to inputs.</summary>
internal static class SubscriberBinding
{
    public static Subscriber? Read(JsonElement request, IReferenceFetcher references, List<Mistake> mistakes)
    {
        if (!request.TryGetProperty("subscriber", out var json) || json.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            mistakes.Add(new Mistake("subscriber", "must be an object with a successUri"));
            return null;
        }

        // The schema of the standard lists successUri, but requires successUrl.
        var success = Address(json, "successUri", references, mistakes) ?? Address(json, "successUrl", references, mistakes);
        var inProgress = Address(json, "inProgressUri", references, mistakes);
        var failed = Address(json, "failedUri", references, mistakes);
        if (success is null && !json.TryGetProperty("successUri", out _) && !json.TryGetProperty("successUrl", out _))
        {
            mistakes.Add(new Mistake("subscriber.successUri", "an address is required"));
        }

        return success is null ? null : new Subscriber(success, inProgress, failed);
    }

    private static Uri? Address(JsonElement json, string member, IReferenceFetcher references, List<Mistake> mistakes)
    {
        if (!json.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            mistakes.Add(new Mistake($"subscriber.{member}", "must be an address with http or https"));
            return null;
        }

        if (references.Refuse(text) is { } refusal)
        {
            mistakes.Add(new Mistake($"subscriber.{member}", refusal));
            return null;
        }

        return address;
    }
}
