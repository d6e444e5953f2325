using System.Text;
using GeoWps.Adapters.References.Folders;

namespace GeoWps.Tests.Unit.References;

public sealed class FtpEntriesTests
{
    [Theory]
    [InlineData("type=file;size=12;modify=20260102030405; a b.txt", "a b.txt", RemoteEntryKind.File, 12)]
    [InlineData("Type=dir;Modify=20260102030405.123;Perm=el; maps", "maps", RemoteEntryKind.Folder, 0)]
    [InlineData("type=OS.unix=slink:/x;size=1; link", "link", RemoteEntryKind.Other, 1)]
    internal void Facts_are_read(string line, string name, RemoteEntryKind kind, long length)
    {
        var entry = FtpEntries.OfFacts(line).ShouldNotBeNull();
        (entry.Name, entry.Kind, entry.Length).ShouldBe((name, kind, length));
    }

    [Fact]
    public void Times_are_utc() => FtpEntries.OfFacts("type=file;modify=20260102030405; a")!.Value.Modified.ShouldBe(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Theory]
    [InlineData("-rw-r--r--   1 ftp      ftp           120 Jan 02 03:04 a b.txt", "a b.txt", RemoteEntryKind.File, 120)]
    [InlineData("drwxr-xr-x+  2 0        0            4096 Jan 02  2020 maps", "maps", RemoteEntryKind.Folder, 4096)]
    [InlineData("lrwxrwxrwx   1 0        0               4 Jan 02  2020 link -> /etc", "link -> /etc", RemoteEntryKind.Other, 4)]
    [InlineData("01-02-26  03:04PM       <DIR>          old maps", "old maps", RemoteEntryKind.Folder, 0)]
    [InlineData("01-02-2026  03:04PM             1234567 a.pdf", "a.pdf", RemoteEntryKind.File, 1234567)]
    internal void Lists_for_people_are_read(string line, string name, RemoteEntryKind kind, long length) =>
        FtpEntries.OfList(line).ShouldBe(new RemoteEntry(name, kind, length, null));

    [Theory]
    [InlineData("total 12")]
    [InlineData("drwxr-xr-x 2 0 0 4096 Jan 02  2020 ..")]
    [InlineData("")]
    public void What_is_no_entry_is_none(string line) => FtpEntries.OfList(line).ShouldBeNull();

    [Theory]
    [InlineData("type=cdir; .")]
    [InlineData("no facts")]
    [InlineData("type=file; ")]
    public void What_are_no_facts_is_none(string line) => FtpEntries.OfFacts(line)?.Name.ShouldBe("facts");

    [Fact]
    public async Task A_reply_of_several_lines_is_one_and_a_name_is_never_a_command()
    {
        await using var replies = new FtpReplies(new MemoryStream(Encoding.UTF8.GetBytes("211-Features\r\n211 is not the end\r\n".Replace("211 is", " 211 is", StringComparison.Ordinal) + "211 End\r\n")));
        var reply = await replies.ReadAsync(CancellationToken.None);

        (reply.Code, reply.Lines.Count, reply.Text, reply.IsDone).ShouldBe((211, 3, "End", true));
        await Should.ThrowAsync<IOException>(() => replies.AskAsync("RETR a\r\nDELE b", CancellationToken.None));
    }
}
