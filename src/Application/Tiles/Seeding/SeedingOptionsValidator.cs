using Microsoft.Extensions.Options;

namespace GeoWps.Application.Tiles.Seeding;

/// <summary>A schedule that can't be read stops the start.</summary>
internal sealed class SeedingOptionsValidator : IValidateOptions<SeedingOptions>
{
    public ValidateOptionsResult Validate(string? name, SeedingOptions options)
    {
        var failures = new List<string>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in options.Schedules)
        {
            try
            {
                if (SeedSchedule.Parse(line) is var schedule && !names.Add(schedule.Name))
                {
                    failures.Add($"{SeedingOptions.Section}:{nameof(SeedingOptions.Schedules)}: two are called {schedule.Name}");
                }
            }
            catch (FormatException error)
            {
                failures.Add($"{SeedingOptions.Section}:{nameof(SeedingOptions.Schedules)}: {error.Message}");
            }
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
