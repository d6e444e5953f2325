using System.Globalization;

namespace GeoWps.Adapters.Execution.Staging;

/// <summary>
/// The names of a zip's files so far: none may be another's, not even where upper and lower case, or composed and decomposed
/// letters, are one; and none may be a folder of another.
/// </summary>
internal sealed class TakenNames
{
    /// <summary>Stands for any letter outside of ASCII or with marks.</summary>
    private const char AnyLetter = '\uFFFF';

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _folders = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, bool> _shapes = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="name">A folder's ends with a slash.</param>
    public bool Add(string name)
    {
        var isFolder = name.EndsWith('/');
        var path = name.TrimEnd('/');
        if (!_names.Add(path) || IsDecomposedTwin(path))
        {
            return false;
        }

        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            _folders.Add(path[..slash]);
            if (_files.Contains(path[..slash]))
            {
                return false;
            }
        }

        (isFolder ? _folders : _files).Add(path);
        return isFolder || !_folders.Contains(path);
    }

    /// <summary>
    /// Without ICU (the host runs in the invariant culture) .NET composes nothing. So a name with combining marks is compared with its
    /// letters left open: that may take two names for twins that only look alike, and never misses real ones.
    /// </summary>
    private bool IsDecomposedTwin(string path)
    {
        var shape = new List<char>(path.Length);
        var hasMarks = false;
        foreach (var character in path)
        {
            if (IsMark(character))
            {
                hasMarks = true;
                if (shape.Count > 0)
                {
                    shape[^1] = AnyLetter;
                }
            }
            else
            {
                shape.Add(char.IsAscii(character) ? character : AnyLetter);
            }
        }

        var key = string.Concat(shape);
        var isTaken = _shapes.TryGetValue(key, out var other);
        _shapes[key] = other || hasMarks;
        return isTaken && (hasMarks || other);
    }

    /// <summary>The vowels and final consonants of Hangul are letters, and compose all the same.</summary>
    private static bool IsMark(char character) => character is >= '\u1160' and <= '\u11FF'
        || CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
