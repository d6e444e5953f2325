using Microsoft.AspNetCore.Http;

namespace GeoWps.Adapters.Http.Answers;

/// <summary>How problems are told to the caller at hand, where it is not as problem details: a feature of its request.</summary>
internal interface IProblemForm
{
    IResult Of(Problem problem);
}
