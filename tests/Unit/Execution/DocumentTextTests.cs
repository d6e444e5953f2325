using System.Text;
using GeoWps.Adapters.Execution;
using GeoWps.Adapters.Execution.Documents;
using GeoWps.Application.Records;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace GeoWps.Tests.Unit.Execution;

public sealed class DocumentTextTests
{
    private readonly DocumentText _documents = new(new PdfText(new PythonOptions(), Options.Create(new RecordsOptions()), NullLogger<PdfText>.Instance));

    [Fact]
    public async Task Markup_scripts_and_entities_are_no_text()
    {
        const string Page = "<!DOCTYPE html><head><title>A &amp; B</title><style>p { color: red }</style></head><body><!-- no > --><script>if (a < b) { alert('x') }</script><p>One <b>t</b>wo<p>3 < 4 &eacute; 武汉<br>end";

        (await ReadAsync(Page, "text/html; charset=utf-8"))!.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ShouldBe(["A & B", "One two", "3 < 4 é 武汉", "end"]);
    }

    [Theory]
    [InlineData("<")]
    [InlineData("<script>")]
    [InlineData("<!--")]
    [InlineData("<p")]
    [InlineData("a<")]
    [InlineData("</")]
    [InlineData("")]
    public async Task Markup_that_does_not_end_ends(string page) => (await ReadAsync(page, "text/html")).ShouldNotBeNull();

    [Fact]
    public async Task A_texts_encoding_is_found_out()
    {
        var chinese = CodePagesEncodingProvider.Instance.GetEncoding(54936)!;
        (await ReadAsync(chinese.GetBytes("编号,名称\n1,武汉长江大桥规划图"), "text/csv")).ShouldBe("编号,名称\n1,武汉长江大桥规划图");
        (await ReadAsync(Encoding.Latin1.GetBytes("Straße, café"), "text/plain")).ShouldBe("Straße, café");
        (await ReadAsync([0xFF, 0xFE, .. Encoding.Unicode.GetBytes("武汉")], "text/plain")).ShouldBe("武汉");
        (await ReadAsync(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes("é")).ToArray(), "text/plain")).ShouldBe("é");
    }

    [Fact]
    public async Task What_is_too_long_is_cut_between_characters()
    {
        (await _documents.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes("ab😀cd")), "text/plain", 3, CancellationToken.None)).ShouldBe("ab");
        (await _documents.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes("x")), "image/png", 3, CancellationToken.None)).ShouldBeNull();
    }

    [PdfFact]
    public async Task The_text_of_a_pdf_is_read_and_what_is_none_has_none()
    {
        (await ReadAsync(Encoding.Latin1.GetBytes(Pdf("Flood map of the Elbe")), "application/pdf"))!.Trim().ShouldBe("Flood map of the Elbe");
        (await ReadAsync("no pdf at all", "application/pdf")).ShouldBeNull();
    }

    [PdfFact]
    public async Task The_first_page_of_a_pdf_is_drawn_and_what_is_none_is_not()
    {
        var pictures = new PdfPicture(new PythonOptions(), Options.Create(new RecordsOptions()));

        var png = (await pictures.FirstPageAsync(new MemoryStream(Encoding.Latin1.GetBytes(Pdf("Flood map of the Elbe"))), CancellationToken.None)).ShouldNotBeNull();
        var blank = (await pictures.FirstPageAsync(new MemoryStream(Encoding.Latin1.GetBytes(Pdf(""))), CancellationToken.None)).ShouldNotBeNull();

        png[..4].ShouldBe([0x89, (byte)'P', (byte)'N', (byte)'G']);
        System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)).ShouldBe(800, "pixels of the longer side");
        png.Length.ShouldBeGreaterThan(blank.Length, "its words are drawn");
        (await pictures.FirstPageAsync(new MemoryStream("no pdf at all"u8.ToArray()), CancellationToken.None)).ShouldBeNull();
    }

    private Task<string?> ReadAsync(string text, string type) => ReadAsync(Encoding.UTF8.GetBytes(text), type);

    private Task<string?> ReadAsync(byte[] bytes, string type) => _documents.ReadAsync(new MemoryStream(bytes), type, 100_000, CancellationToken.None);

    // Its table of contents is missing, which readers of PDF make anew.
    private static string Pdf(string text)
    {
        var content = $"BT /F1 12 Tf 72 700 Td ({text}) Tj ET";
        return $"""
            %PDF-1.4
            1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
            2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
            3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >> endobj
            4 0 obj << /Length {content.Length} >>
            stream
            {content}
            endstream
            endobj
            5 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> endobj
            trailer << /Root 1 0 R >>
            %%EOF
            """;
    }

    private sealed class PdfFactAttribute : FactAttribute
    {
        public PdfFactAttribute() => Skip = File.Exists("/usr/bin/pdftotext") ? null : "pdftotext (poppler-utils) is not installed";
    }
}
