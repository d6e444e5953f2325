using System.Security.Cryptography;
using System.Text;
using GeoWps.Tests.Integration.Fixtures;
using GeoWps.Tests.Unit.Storage;

namespace GeoWps.Tests.Integration.Files;

/// <summary>The page of files in a browser, as somebody with a token uses it on a server that gives callers without one nothing.</summary>
public sealed class FilePageTests
{
    private const string Administrator = "the-token-of-these-tests";

    [BrowserFact]
    public async Task Somebody_signs_in_uploads_looks_into_folders_shares_and_deletes()
    {
        using var folder = new TemporaryFolder();
        var content = RandomNumberGenerator.GetBytes(12_000_000);
        await File.WriteAllBytesAsync(folder["河 map.bin"], content);
        await File.WriteAllTextAsync(folder["notes.txt"], "words");
        await File.WriteAllTextAsync(folder["empty.txt"], "");
        await using var server = await RunningServer.StartAsync("--Python:Execution", "None", "--Security:AdminToken", Administrator, "--Security:Anonymous", "none");
        var anna = (await FileCluster.JsonAsync(server, HttpMethod.Post, "admin/tokens", Administrator, """{"name": "anna", "may": ["files"]}""")).ShouldBe(201).Json.GetProperty("token").GetString()!;
        (await FileCluster.PutAsync(server, "files/maps/there.txt", anna, Encoding.UTF8.GetBytes("there"))).ShouldBe(201);

        await using var browser = await BrowserSession.OpenAsync(new Uri(server.Address, "files/").ToString());
        await browser.UntilAsync("document.querySelector('#token') && document.querySelector('.list p')");
        (await browser.EvaluateAsync("document.body.innerText")).GetString()!.ShouldNotContain("maps");
        await browser.EvaluateAsync($"document.querySelector('#token').value = '{anna}'; document.querySelector('form').requestSubmit()");
        await browser.UntilAsync("document.querySelector('a[href=\"#/maps\"]')");
        await browser.EvaluateAsync("document.querySelector('a[href=\"#/maps\"]').click()");
        await browser.UntilAsync("document.querySelector('.list').innerText.includes('there.txt')");

        await browser.ChooseAsync("#choose", folder["河 map.bin"], folder["notes.txt"], folder["empty.txt"]);
        await browser.UntilAsync("['河 map.bin', 'notes.txt', 'empty.txt'].every(name => document.querySelector('.list').innerText.includes(name)) && document.querySelector('.uploads').innerText.split('is there').length === 4");
        (await FileCluster.AskAsync(server, HttpMethod.Get, "files/maps/河 map.bin", anna)).ShouldBe(200).Body.AsSpan().SequenceEqual(content).ShouldBeTrue();
        (await FileCluster.AskAsync(server, HttpMethod.Get, "files/maps/empty.txt", anna)).ShouldBe(200).Body.ShouldBeEmpty();
        await KeepAsync(browser, "wide");

        await browser.EvaluateAsync("document.querySelector('[aria-label=\"Share: notes.txt\"]').click()");
        await browser.UntilAsync("document.querySelector('[aria-label=\"Make private: notes.txt\"]')");
        (await FileCluster.AskAsync(server, HttpMethod.Get, "files/maps/notes.txt", token: null)).ShouldBe(200).Text.ShouldBe("words");
        await browser.EvaluateAsync("window.confirm = () => true; document.querySelector('[aria-label=\"Delete there.txt\"]').click()");
        await browser.UntilAsync("!document.querySelector('.list').innerText.includes('there.txt')");
        (await FileCluster.AskAsync(server, HttpMethod.Get, "files/maps/there.txt", anna)).ShouldBe(404);

        // One that is stopped goes on where it was.
        await browser.SlowDownAsync(6_000_000);
        await File.WriteAllBytesAsync(folder["again.bin"], content);
        await browser.ChooseAsync("#choose", folder["again.bin"]);
        await browser.UntilAsync("[...document.querySelectorAll('progress')].pop().value > 9e6");
        await ClickAsync(browser, "Stop");
        await browser.UntilAsync("document.querySelector('.uploads').innerText.includes('stopped')");
        await browser.SlowDownAsync(0);
        await ClickAsync(browser, "Go on");
        await browser.UntilAsync("document.querySelector('.list').innerText.includes('again.bin')");
        (await FileCluster.AskAsync(server, HttpMethod.Get, "files/maps/again.bin", anna)).ShouldBe(200).Body.AsSpan().SequenceEqual(content).ShouldBeTrue();
        (await FileCluster.AskAsync(server, HttpMethod.Get, "uploads", anna)).ShouldBe(200).Text.Split("maps/again.bin").Length.ShouldBeLessThanOrEqualTo(3, "it is one upload, with the address of its file");

        await ClickAsync(browser, "Sign out");
        await browser.UntilAsync("document.querySelector('#token') && document.querySelector('[role=status]').innerText");
        browser.Complaints.Where(complaint => !complaint.Contains("404", StringComparison.Ordinal)).ShouldBeEmpty("the policy of the page lets it do what it does");
        server.Errors.ShouldBeEmpty();

        await using var phone = await BrowserSession.OpenAsync(new Uri(server.Address, "files/").ToString(), 390, 800);
        await phone.UntilAsync("document.querySelector('#token')");
        await phone.EvaluateAsync($"sessionStorage.setItem('geowps-token', '{anna}'); location.hash = '#/maps'; location.reload()");
        await phone.UntilAsync("document.querySelector('.list') && document.querySelector('.list').innerText.includes('notes.txt')");
        (await phone.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth")).GetBoolean().ShouldBeTrue("nothing lies beside the screen");
        await KeepAsync(phone, "phone");
    }

    private static Task ClickAsync(BrowserSession browser, string button) =>
        browser.EvaluateAsync($"[...document.querySelectorAll('button')].find(button => button.textContent === '{button}').click()");

    /// <summary>For people who want to look.</summary>
    internal static async Task KeepAsync(BrowserSession browser, string name)
    {
        if (Environment.GetEnvironmentVariable("GEOWPS_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"files-{name}.png"), await browser.ScreenshotAsync());
        }
    }
}
