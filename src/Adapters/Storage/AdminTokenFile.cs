using GeoWps.Application.Security;

namespace GeoWps.Adapters.Storage;

/// <summary>The administrator's token: of the settings or of the cluster, or else of <c>admin-token</c> in the data directory, which is for its owner alone.</summary>
internal sealed class AdminTokenFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private string? _new;

    /// <param name="configured">The token of the settings, or of the cluster.</param>
    /// <param name="root">The data directory.</param>
    /// <param name="isNew">Whether the given token was made at this start.</param>
    /// <exception cref="StorageUnavailableException">The file can't be read or written, or holds no token.</exception>
    public AdminTokenFile(string? configured, string root, bool isNew = false)
    {
        _path = Path.Combine(root, "admin-token");
        Token = new AdminToken(configured ?? ReadOrMake());
        _new = isNew ? configured : _new;
    }

    public AdminToken Token { get; }

    /// <returns>The token itself, if it was made at this start; and only once.</returns>
    public string? TakeNew() => Interlocked.Exchange(ref _new, null);

    private string ReadOrMake()
    {
        try
        {
            if (!File.Exists(_path))
            {
                return _new = Make();
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(_path, OwnerOnly);
            }

            var text = File.ReadAllText(_path).Trim();
            return AdminToken.IsPossible(text)
                ? text
                : throw new StorageUnavailableException($"Security:AdminToken: '{_path}' holds no token; remove it, and the next start makes one");
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"Security:AdminToken: '{_path}' can't be used; {reason.Message}", reason);
        }
    }

    /// <summary>Whole or not at all, and never readable by others, not even for a moment.</summary>
    private string Make()
    {
        var text = AdminToken.Make();
        var aside = _path + ".new";
        File.Delete(aside);
        var form = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            form.UnixCreateMode = OwnerOnly;
        }

        using (var writer = new StreamWriter(aside, form))
        {
            writer.WriteLine(text);
        }

        File.Move(aside, _path);
        return text;
    }
}
