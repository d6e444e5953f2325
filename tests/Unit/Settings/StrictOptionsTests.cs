using GeoWps.Application;
using GeoWps.Application.Jobs;
using GeoWps.Application.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Settings;

public sealed class StrictOptionsTests
{
    [Fact]
    public void What_is_not_set_has_its_default() => Read<JobsOptions>().MaxAttempts.ShouldBe(3);

    [Fact]
    public void Names_of_settings_and_of_choices_are_read_without_regard_to_case() =>
        Read<NodeOptions>(("x:role", "wORKER")).Role.ShouldBe(NodeRole.Worker);

    [Fact]
    public void Everything_wrong_in_a_section_is_said_at_once_and_says_what_is_allowed()
    {
        var error = Should.Throw<OptionsValidationException>(
            () => Read<JobsOptions>(("x:MaxAtempts", "3"), ("x:LeaseSeconds", "soon"), ("x:MaxAttempts", "0")));

        error.Failures.Count().ShouldBe(3);
        error.Failures.ShouldContain(line => line.StartsWith("x:MaxAtempts: there is no such setting; there are: MaxQueued,", StringComparison.Ordinal));
        error.Failures.ShouldContain("x:LeaseSeconds: 'soon' is not allowed; a whole number from 3 to 3600");
        error.Failures.ShouldContain("x:MaxAttempts: '0' is not allowed; a whole number from 1 to 100");
    }

    [Theory]
    [InlineData("2")]
    [InlineData("")]
    [InlineData("Nobody")]
    public void A_choice_is_one_of_its_names(string value)
    {
        var error = Should.Throw<OptionsValidationException>(() => Read<NodeOptions>(("x:Role", value)));

        error.Message.ShouldBe($"x:Role: '{value}' is not allowed; one of Monolith, Gateway, Worker");
    }

    [Theory]
    [InlineData("a, [::1]:8080,b", "a|[::1]:8080|b")]
    [InlineData("[::1]:8080", "[::1]:8080")]
    [InlineData("[\"a\", \"b,c\"]", "a|b,c")]
    [InlineData("", "")]
    public void A_list_is_one_value_with_commas_or_a_JSON_array(string value, string items) =>
        string.Join('|', Read<Lists>(("x:Names", value)).Names).ShouldBe(items);

    [Fact]
    public void A_list_is_an_array_of_a_settings_file() =>
        Read<Lists>(("x:Names:0", "a"), ("x:Names:1", "b")).Names.ShouldBe(["a", "b"]);

    [Fact]
    public void Texts_by_name_are_read_and_what_is_wrong_with_one_does_not_show_it()
    {
        var named = Read<Named>(("x:Texts:one", "Password=secret"), ("x:Texts:Two", ""));
        named.Texts["ONE"].ShouldBe("Password=secret");
        named.Texts["two"].ShouldBe("");

        Should.Throw<OptionsValidationException>(() => Read<Named>(("x:Texts:one:more", "secret"))).Message.ShouldBe("x:Texts:one is not allowed; a text");
        Should.Throw<OptionsValidationException>(() => Read<Named>(("x:Texts", "secret"))).Message.ShouldBe("x:Texts is not allowed; texts by name, as x:Texts:NAME");
    }

    [Fact]
    public void A_section_in_a_section_is_read_as_strictly()
    {
        Read<Outer>(("x:Inner:Names", "a,b")).Inner.Names.ShouldBe(["a", "b"]);
        Should.Throw<OptionsValidationException>(() => Read<Outer>(("x:Inner:Name", "a"))).Message.ShouldBe("x:Inner:Name: there is no such setting; there are: Names");
        Should.Throw<OptionsValidationException>(() => Read<Outer>(("x:Inner", "a"))).Message.ShouldBe("x:Inner: 'a' is not allowed; it has settings of its own, like x:Inner:Names");
    }

    [Fact]
    public void Two_parts_that_need_a_section_say_its_mistakes_once()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("x:Wrong", (string?)"1")]).Build();
        var services = new ServiceCollection();
        services.AddStrictOptions<Lists>(configuration, "x");
        services.AddStrictOptions<Lists>(configuration, "x");

        Should.Throw<OptionsValidationException>(() => services.BuildServiceProvider().GetRequiredService<IOptions<Lists>>().Value).Failures.ShouldHaveSingleItem();
    }

    private sealed class Lists
    {
        public string[] Names { get; set; } = [];
    }

    private static TOptions Read<TOptions>(params (string Key, string Value)[] settings)
        where TOptions : class
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        var services = new ServiceCollection();
        services.AddStrictOptions<TOptions>(configuration, "x");
        return services.BuildServiceProvider().GetRequiredService<IOptions<TOptions>>().Value;
    }

    private sealed class Named
    {
        public Dictionary<string, string> Texts { get; set; } = [];
    }

    private sealed class Outer
    {
        public Lists Inner { get; } = new();
    }
}
