using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using GeoWps.Application.Ports;
using GeoWps.Application.Records;
using GeoWps.Application.Records.Harvesting;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution.Documents;

/// <summary>The first page of a PDF by poppler's <c>pdftoppm</c>, as <see cref="PdfText"/> reads what it says.</summary>
internal sealed class PdfPicture(PythonOptions python, IOptions<RecordsOptions> options) : IDocumentPicture
{
    private const string Program = "/usr/bin/pdftoppm";

    /// <summary>Pixels of the longer side.</summary>
    private const int Side = 800;

    /// <summary>Bytes of a document that is drawn: its page may be anywhere in it.</summary>
    private const long MostDocument = 64L * 1024 * 1024;

    private const int MostPicture = 16 * 1024 * 1024;

    // Texts in fonts that the document does not bring along.
    private static readonly string[] _fonts = ["--ro-bind-try", "/etc/fonts", "/etc/fonts"];

    private readonly PopplerProcess _poppler = new(python, options);

    // Each may take as much memory as it may.
    private readonly SemaphoreSlim _turns = new(2);

    public async Task<byte[]?> FirstPageAsync(Stream pdf, CancellationToken cancellationToken)
    {
        if (!File.Exists(Program) || !await _poppler.MayRunAsync(cancellationToken))
        {
            return null;
        }

        // Aside first: what fails here is the document's source, and nobody waits for that with a turn.
        await using var aside = NamelessFile.Create();
        if (!await TryCopyAsync(pdf, aside, cancellationToken))
        {
            return null;
        }

        aside.Position = 0;
        await _turns.WaitAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(options.Value.TextSeconds));
        try
        {
            return await RunAsync(aside, patience.Token);
        }
        catch (Exception reason) when (!cancellationToken.IsCancellationRequested && reason is OperationCanceledException or IOException or Win32Exception)
        {
            return null;
        }
        finally
        {
            _turns.Release();
        }
    }

    private static async Task<bool> TryCopyAsync(Stream pdf, Stream aside, CancellationToken cancellationToken)
    {
        var buffer = new byte[81_920];
        int count;
        for (var left = MostDocument; (count = await pdf.ReadAsync(buffer, cancellationToken)) > 0; left -= count)
        {
            if (count > left)
            {
                return false;
            }

            await aside.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        return true;
    }

    private async Task<byte[]?> RunAsync(Stream pdf, CancellationToken cancellationToken)
    {
        using var process = _poppler.Start(_fonts, Program, "-q", "-png", "-f", "1", "-l", "1", "-singlefile", "-scale-to", Side.ToString(CultureInfo.InvariantCulture), "-");
        try
        {
            var feeding = PopplerProcess.FeedAsync(pdf, process, cancellationToken);
            using var picture = new MemoryStream();
            var (buffer, count) = (new byte[64 * 1024], 0);
            while (picture.Length <= MostPicture && (count = await process.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                picture.Write(buffer, 0, count);
            }

            if (picture.Length > MostPicture)
            {
                return null;
            }

            await feeding;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 && picture.Length > 0 ? picture.ToArray() : null;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
