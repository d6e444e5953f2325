using System.Text.Json;
using GeoWps.Adapters.Http.Answers;
using GeoWps.Adapters.Http.Pages;
using GeoWps.Application.Records.Schemes;
using GeoWps.Domain.Records.Schemes;
using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Records.Schemes;

/// <summary>Schemes as JSON, in a form in which they can be loaded again, and as pages.</summary>
internal static class SchemeAnswers
{
    public static string AllAt(string baseAddress) => $"{baseAddress}schemes";

    public static string At(string baseAddress, string id) => $"{baseAddress}schemes/{Uri.EscapeDataString(id)}";

    public static IResult List(SchemeSet schemes, HttpRequest request)
    {
        var (baseAddress, self) = (request.BaseAddress(), request.With());
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("schemes");
            foreach (var scheme in schemes.Schemes)
            {
                json.WriteStartObject();
                WriteHead(json, scheme);
                json.WriteNumber("numberOfConcepts", scheme.Concepts.Count);
                json.WriteLinks(new Link(At(baseAddress, scheme.Id), "item", Media.Json, "The scheme"), Links.ToPage(At(baseAddress, scheme.Id)));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteLinks(new Link(self, "self", Media.Json, "This document"));
            json.WriteEndObject();
        });
    }

    public static IResult One(ClassificationScheme scheme, string baseAddress, int status = StatusCodes.Status200OK) => new JsonAnswer(json =>
    {
        json.WriteStartObject();
        WriteHead(json, scheme);
        json.WriteStartArray("concepts");
        foreach (var concept in scheme.Concepts)
        {
            json.WriteStartObject();
            json.WriteString("id", concept.Code);
            json.WriteString("notation", concept.Code);
            WriteLabels(json, concept.Labels);
            json.WriteIfAny("broader", concept.Broader);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteLinks(new Link(At(baseAddress, scheme.Id), "self", Media.Json, "This document"), Links.ToPage(At(baseAddress, scheme.Id)));
        json.WriteEndObject();
    })
    {
        Status = status,
    };

    public static IResult ListPage(SchemeSet schemes, HttpRequest request)
    {
        var (baseAddress, languages) = (request.BaseAddress(), CodeLabels.LanguagesOf(request));
        return new Page("Classification schemes", baseAddress, [(Addresses.In(RecordAddresses.Catalogue(baseAddress), Representation.Html), "Records")], [Links.ToJson(AllAt(baseAddress))]).Answer(html =>
        {
            html.Table(["Scheme", "Title", "Concepts"], schemes.Schemes, scheme =>
            {
                html.Element("td", () => html.Link(Addresses.In(At(baseAddress, scheme.Id), Representation.Html), scheme.Id));
                html.Element("td", SchemeSet.Choose(scheme.Labels, languages));
                html.Element("td", scheme.Concepts.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
            });
        });
    }

    public static IResult OnePage(ClassificationScheme scheme, HttpRequest request)
    {
        var (baseAddress, languages) = (request.BaseAddress(), CodeLabels.LanguagesOf(request));
        (string, string)[] trail =
        [
            (Addresses.In(RecordAddresses.Catalogue(baseAddress), Representation.Html), "Records"), (Addresses.In(AllAt(baseAddress), Representation.Html), "Classification schemes"),
        ];
        return new Page(SchemeSet.Choose(scheme.Labels, languages) ?? scheme.Id, baseAddress, trail, [Links.ToJson(At(baseAddress, scheme.Id))]).Answer(html =>
        {
            html.Table(["Code", "Label", "Below"], scheme.Concepts, concept =>
            {
                var found = $"{RecordAddresses.Items(baseAddress)}?classification={Uri.EscapeDataString($"{scheme.Id}:{concept.Code}")}";
                html.Element("td", () => html.Link(Addresses.In(found, Representation.Html), concept.Code));
                html.Element("td", SchemeSet.Choose(concept.Labels, languages));
                html.Element("td", concept.Broader);
            });
        });
    }

    private static void WriteHead(Utf8JsonWriter json, ClassificationScheme scheme)
    {
        json.WriteString("id", scheme.Id);
        json.WriteString("type", "ConceptScheme");
        WriteLabels(json, scheme.Labels);
    }

    private static void WriteLabels(Utf8JsonWriter json, IReadOnlyDictionary<string, string> labels)
    {
        json.WriteStartObject("prefLabel");
        foreach (var (language, label) in labels)
        {
            json.WriteString(language, label);
        }

        json.WriteEndObject();
    }
}
