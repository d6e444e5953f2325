namespace GeoWps.Adapters.Http.Answers;

/// <summary>A result's content went while it was asked for: somebody removed the job between the look at it and the reading.</summary>
internal sealed class ContentGoneException : Exception
{
    public ContentGoneException()
        : base("The content was removed while it was asked for.")
    {
    }
}
