using System.Text;
using System.Text.Json;
using GeoWps.Tests.Integration.Fixtures;

namespace GeoWps.Tests.Integration.Files;

/// <summary>What is dropped on the page of files, by somebody without a token on a server of their own machine; and how the page looks with what is hard to show.</summary>
public sealed class FileDropTests
{
    /// <summary>Drops files that the page itself makes, as if they came from the desktop.</summary>
    private const string Drop =
        """
        window.drop = (files, where) => {
          const transfer = new DataTransfer();
          files.forEach(([name, size]) => transfer.items.add(new File([new Uint8Array(size).fill(name.length)], name)));
          const place = document.querySelector(where || '#files');
          for (const kind of ['dragenter', 'dragover', 'drop']) {
            const event = new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
            place.dispatchEvent(event);
            if (!event.defaultPrevented) throw new Error(`the browser would open what is dropped (${kind})`);
            if (kind === 'dragover') window.wasOver = document.querySelector('.drop').classList.contains('over');
          }
        };
        """;

    [BrowserFact]
    public async Task Files_that_are_dropped_anywhere_on_the_page_go_into_the_folder_that_is_shown_one_after_the_other()
    {
        await using var server = await StartAsync();
        (await FileCluster.PutAsync(server, "files/maps/there.txt", null, "there"u8.ToArray())).ShouldBe(201);
        await using var browser = await OpenAsync(server, "#/maps");
        await browser.EvaluateAsync("drop([['one.bin', 900000], ['تقرير.txt', 12], ['empty.txt', 0]])");
        (await browser.EvaluateAsync("wasOver && !document.querySelector('.drop').classList.contains('over')")).GetBoolean().ShouldBeTrue("it shows where it would go, and no longer");
        (await browser.EvaluateAsync("document.querySelectorAll('.uploads li').length")).GetInt32().ShouldBe(3, "all are shown at once");
        await browser.EvaluateAsync("drop([['two.bin', 5]], 'header')");
        await browser.UntilAsync("document.querySelector('.sum').textContent === '4 of 4 files are there.'");
        await browser.UntilAsync("['one.bin', 'two.bin', 'تقرير.txt', 'empty.txt'].every(name => document.querySelector('.list').innerText.includes(name))");

        foreach (var (name, length, filling) in new[] { ("one.bin", 900_000, 7), ("two.bin", 5, 7), ("تقرير.txt", 12, 9), ("empty.txt", 0, 0) })
        {
            (await FileCluster.AskAsync(server, HttpMethod.Get, $"files/maps/{name}", token: null)).ShouldBe(200).Body.ShouldBe([.. Enumerable.Repeat((byte)filling, length)]);
        }

        // What is no file is not the page's business.
        (await browser.EvaluateAsync(
            "(() => { const text = new DataTransfer(); text.setData('text/plain', 'x'); const event = new DragEvent('drop', { dataTransfer: text, bubbles: true, cancelable: true }); document.body.dispatchEvent(event); return event.defaultPrevented; })()"))
            .GetBoolean().ShouldBeFalse();
        browser.Complaints.ShouldBeEmpty();
        server.Errors.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task One_that_waits_is_stopped_one_that_was_begun_is_discarded_and_one_in_the_way_is_told()
    {
        await using var server = await StartAsync();
        (await FileCluster.PutAsync(server, "files/taken.txt", null, Encoding.UTF8.GetBytes("there"))).ShouldBe(201);
        await using var browser = await OpenAsync(server, "");
        await browser.SlowDownAsync(2_000_000);
        await browser.EvaluateAsync("window.asked = []; window.confirm = text => { asked.push(text); return false; }; drop([['large.bin', 12000000], ['waits.bin', 5], ['taken.txt', 5]])");
        await ClickAsync(browser, "Stop waits.bin");
        await browser.UntilAsync("[...document.querySelectorAll('progress')][0].value > 1e6");
        await ClickAsync(browser, "Stop large.bin");
        await browser.UntilAsync("document.querySelector('.sum').textContent === '0 of 3 files are there; 3 stopped.'");
        (await browser.EvaluateAsync("asked.length === 1 && asked[0].includes('taken.txt') && document.querySelector('.uploads').innerText.includes('taken.txt already')")).GetBoolean().ShouldBeTrue();
        await browser.SlowDownAsync(0);

        (await UploadsAsync(server)).ShouldBe(1);
        await ClickAsync(browser, "Discard large.bin");
        await browser.UntilAsync("document.querySelectorAll('.uploads li').length === 2");
        (await UploadsAsync(server)).ShouldBe(0, "nothing of it counts any more");
        await browser.EvaluateAsync("window.confirm = () => true");
        await ClickAsync(browser, "Go on: taken.txt");
        await ClickAsync(browser, "Go on: waits.bin");
        await browser.UntilAsync("document.querySelector('.sum').textContent === '2 of 2 files are there.'");
        (await FileCluster.AskAsync(server, HttpMethod.Get, "files/taken.txt", token: null)).ShouldBe(200).Body.Length.ShouldBe(5);
        server.Errors.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Long_and_foreign_names_and_many_files_fit_into_a_wide_and_a_narrow_window_and_the_keyboard_keeps_its_place()
    {
        await using var server = await StartAsync();
        string[] names = [new string('x', 150) + ".geojson", "تقرير عن المياه (2024).pdf", "שלום עולם.txt", "a long name with spaces that goes on and on for quite a while until it is really long.txt", .. Enumerable.Range(0, 996).Select(i => $"file {i:0000}.txt")];
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (name, _) => (await FileCluster.PutAsync(server, $"files/many/{name}", null, "words"u8.ToArray())).ShouldBe(201));

        foreach (var width in new[] { 1200, 700, 390 })
        {
            await using var browser = await OpenAsync(server, "#/many", width);
            await browser.UntilAsync("document.querySelectorAll('.list tbody tr').length === 200");
            (await browser.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth")).GetBoolean().ShouldBeTrue($"nothing lies beside a window of {width}");
            (await browser.EvaluateAsync("[...document.querySelectorAll('.list tbody tr')].slice(1, 100).every(row => innerWidth < 1000 || row.offsetHeight < 60)")).GetBoolean().ShouldBeTrue("a row has one line");
            await FilePageTests.KeepAsync(browser, $"many-{width}");
            for (var shown = 400; shown <= 1000; shown += 200)
            {
                await browser.EvaluateAsync("[...document.querySelectorAll('.list button')].find(button => button.textContent === 'More').click()");
                await browser.UntilAsync($"document.querySelectorAll('.list tbody tr').length === {shown}");
            }

            (await browser.EvaluateAsync("document.activeElement === [...document.querySelectorAll('.list table')].pop().querySelector('a')")).GetBoolean().ShouldBeTrue("the first of what has come");
            (await browser.EvaluateAsync("getComputedStyle(document.querySelector('.list a[href*=\"%D7%A9\"]').closest('td')).direction")).GetString().ShouldBe("rtl");

            // A change makes the list anew: who works with the keyboard is where the change was.
            await browser.EvaluateAsync("const act = document.querySelector('[data-key=\"share many/file 0003.txt\"]'); act.focus(); act.click()");
            await browser.UntilAsync("document.activeElement.dataset.key === 'share many/file 0003.txt' && document.activeElement !== act");
            await browser.EvaluateAsync("document.querySelector('.list nav a').focus(); document.querySelector('.list nav a').click()");
            await browser.UntilAsync("document.activeElement === document.querySelector('h1') && document.querySelector('h1').textContent === 'Files'");
        }

        server.Errors.ShouldBeEmpty();
    }

    private static Task<RunningServer> StartAsync() => RunningServer.StartAsync("--Python:Execution", "None");

    private static async Task<BrowserSession> OpenAsync(RunningServer server, string fragment, int width = 1200)
    {
        var browser = await BrowserSession.OpenAsync(new Uri(server.Address, $"files/{fragment}").ToString(), width, 900);
        await browser.UntilAsync("document.querySelector('#choose') && document.querySelector('.list').innerText");
        await browser.EvaluateAsync(Drop);
        return browser;
    }

    private static Task ClickAsync(BrowserSession browser, string label) => browser.EvaluateAsync($"document.querySelector('[aria-label={JsonSerializer.Serialize(label)}]').click()");

    private static async Task<int> UploadsAsync(RunningServer server)
    {
        var answer = await FileCluster.AskAsync(server, HttpMethod.Get, "uploads", token: null);
        answer.Status.ShouldBe(200);
        return answer.Json.GetProperty("uploads").EnumerateArray().Count(upload => upload.GetProperty("status").GetString() != "stored");
    }
}
