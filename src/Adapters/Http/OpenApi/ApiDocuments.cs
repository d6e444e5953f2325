using System.Collections.Concurrent;
using System.Text.Json;
using GeoWps.Adapters.Http.Answers;

namespace GeoWps.Adapters.Http.OpenApi;

/// <summary>The API definition as bytes, made once for each address under which callers reach the server.</summary>
internal sealed class ApiDocuments
{
    private const int MaxAddresses = 8;

    private ConcurrentDictionary<string, StoredAnswer> _answers = new(StringComparer.Ordinal);

    public StoredAnswer At(string baseAddress)
    {
        var answers = _answers;
        if (answers.TryGetValue(baseAddress, out var answer))
        {
            return answer;
        }

        if (answers.Count >= MaxAddresses)
        {
            _answers = answers = new ConcurrentDictionary<string, StoredAnswer>(StringComparer.Ordinal);
        }

        return answers[baseAddress] = new StoredAnswer(Write(baseAddress), Media.OpenApi);
    }

    /// <summary>Indented, so that the committed copy shows each change as lines.</summary>
    public static byte[] Write(string baseAddress) =>
        JsonSerializer.SerializeToUtf8Bytes(ApiDefinition.Make(baseAddress), new JsonSerializerOptions(JsonSerializerOptions.Default)
        {
            WriteIndented = true,
            Encoder = JsonAnswer.Form.Encoder,
        });
}
