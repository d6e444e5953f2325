using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using GeoWps.Application.Records;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace GeoWps.Adapters.Execution.Documents;

/// <summary>
/// Text of a PDF by poppler's <c>pdftotext</c>, one process a document, from pipe to pipe: inside bubblewrap where that works, without network and with nothing of the server's to be seen, with
/// limits of time and memory.
/// </summary>
internal sealed partial class PdfText(PythonOptions python, IOptions<RecordsOptions> options, ILogger<PdfText> logger)
{
    private const string Program = "/usr/bin/pdftotext";
    private const int MaxPages = 2_000;

    private readonly PopplerProcess _poppler = new(python, options);
    private bool _isMissing;

    public async Task<string?> ReadAsync(Stream document, int maxLength, CancellationToken cancellationToken)
    {
        if (_isMissing || !File.Exists(Program))
        {
            if (!_isMissing)
            {
                _isMissing = true;
                LogMissing();
            }

            return null;
        }

        if (!await _poppler.MayRunAsync(cancellationToken))
        {
            return null;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(options.Value.TextSeconds));
        try
        {
            return await RunAsync(document, maxLength, patience.Token);
        }
        catch (Exception reason) when (!cancellationToken.IsCancellationRequested && reason is OperationCanceledException or IOException or Win32Exception)
        {
            LogUnread(reason.GetType().Name);
            return null;
        }
    }

    private async Task<string?> RunAsync(Stream document, int maxLength, CancellationToken cancellationToken)
    {
        using var process = _poppler.Start([], Program, "-q", "-enc", "UTF-8", "-l", MaxPages.ToString(CultureInfo.InvariantCulture), "-", "-");
        try
        {
            var feeding = PopplerProcess.FeedAsync(document, process, cancellationToken);
            var (text, buffer) = (new StringBuilder(), new char[16 * 1024]);
            int count;
            while (text.Length < maxLength && (count = await process.StandardOutput.ReadAsync(buffer, cancellationToken)) > 0)
            {
                text.Append(buffer, 0, count);
            }

            if (text.Length < maxLength)
            {
                await feeding;
                await process.WaitForExitAsync(cancellationToken);
            }

            // A new page is a new line.
            return text.Length == 0 ? null : DocumentText.Cut(text.Replace('\f', '\n').ToString(), maxLength);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    [LoggerMessage(EventId = 3800, Level = LogLevel.Warning, Message = "pdftotext (poppler-utils) is not installed: PDF documents are not found by what they say")]
    private partial void LogMissing();

    [LoggerMessage(EventId = 3801, Level = LogLevel.Information, Message = "The text of a PDF was not read: {Reason}")]
    private partial void LogUnread(string reason);
}
