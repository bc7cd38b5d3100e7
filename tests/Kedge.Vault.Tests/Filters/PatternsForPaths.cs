using System.Text;
using Kedge.Vault.Filters;
using Xunit;

namespace Kedge.Vault.Tests.Filters;

public class PatternsForPaths
{
    // The manual's own examples ("Excluding Files"), and what its text says about slashes, stars and cases.
    [Theory]
    [InlineData("foo*", "/home/user/foobar", true)]
    [InlineData("foo*", "/home/foo/x", true)]
    [InlineData("foo*", "/home/user/barfoo", false)]
    [InlineData("*.c", "/work/a/main.c", true)]
    [InlineData("*.c", "/work/a/main.cc", false)]
    [InlineData("*.go", "/work/foo/bar/test.go", true)]
    [InlineData("foo/**/bar", "/home/user/foo/bar", true)]
    [InlineData("foo/**/bar", "/home/user/foo/x/y/bar", true)]
    [InlineData("foo/**/bar", "/home/user/foo/x/y/bar/deep/file", true)]
    [InlineData("foo/**/bar", "/home/user/foo/x/y", false)]
    [InlineData("~/foo", "/home/user/foo", false)]
    [InlineData("/bin", "/bin/ls", true)]
    [InlineData("/bin", "/usr/bin/ls", false)]
    [InlineData("bin", "/usr/bin/ls", true)]
    [InlineData("bin/", "/usr/bin", true)]
    [InlineData("/usr//./bin/..", "/usr/share", true)]
    [InlineData("usr/ls", "/usr/bin/ls", false)]
    [InlineData("usr/*/ls", "/usr/bin/ls", true)]
    [InlineData("usr/**/ls", "/usr/ls", true)]
    [InlineData("/**/ls", "/usr/local/bin/ls", true)]
    [InlineData("/*", "/usr/ls", true)]
    [InlineData("/", "/usr/ls", true)]
    [InlineData("**", "/x", true)]
    [InlineData("/usr/**", "/usr", true)]
    [InlineData("/usr/*", "/usr", false)]
    [InlineData("private_?", "/home/private_1", true)]
    [InlineData("private_?", "/home/private_10", false)]
    [InlineData("?", "/home/ü", true)]
    [InlineData("[a-c]x", "/bx", true)]
    [InlineData("[^a-c]x", "/bx", false)]
    [InlineData("[^a-c]x", "/üx", true)]
    [InlineData("[!a]x", "/!x", true)]
    [InlineData("[]]", "/]", null)]
    [InlineData("[a", "/a", null)]
    [InlineData("[a-]", "/a", null)]
    [InlineData("a/[/b", "/a", null)]
    [InlineData(@"a\", "/a", null)]
    [InlineData(@"[\]]", "/]", true)]
    [InlineData(@"\*", "/*", true)]
    [InlineData(@"\*", "/x", false)]
    [InlineData("a]", "/a]", true)]
    [InlineData("*a*b*c", "/xaxbxxc", true)]
    [InlineData("*a*b*c", "/xaxbxcx", false)]
    [InlineData("*ab", "/aab", true)]
    [InlineData("*a?", "/aaab", true)]
    [InlineData("Foo", "/foo", false)]
    public void Mean_what_restics_manual_says(string pattern, string path, bool? matches)
    {
        if (matches is null)
        {
            var problem = Assert.Throws<VaultException>(() => Parse(pattern));
            Assert.Equal(VaultFault.Misuse, problem.Fault);
            return;
        }

        Assert.Equal(matches, Parse(pattern).Match(Bytes(path)));
    }

    [Theory]
    [InlineData("FOO", "/srv/foo", true)]
    [InlineData("foo", "/srv/FOO/bar", true)]
    [InlineData("ÄRGER*", "/srv/ärgerlich", true)]
    [InlineData("i", "/İ", true)]
    [InlineData("Ⱥ", "/ⱥ", true)]
    [InlineData("[A-Z]", "/q", true)]
    public void Ignore_case_where_asked(string pattern, string path, bool matches) =>
        Assert.Equal(matches, PathPatterns.Parse([Bytes(pattern)], ignoresCase: true).Match(Bytes(path)));

    [Theory]
    [InlineData("*.c !main.c", "/src/main.c", false)]
    [InlineData("*.c !main.c", "/src/other.c", true)]
    [InlineData("!main.c *.c", "/src/main.c", true)]
    [InlineData("*.c !main.c /src/main.c", "/src/main.c", true)]
    [InlineData("/home/user/* !/home/user/work", "/home/user/work/x", false)]
    [InlineData("/home/user/* !/home/user/work", "/home/user/play", true)]
    public void Take_back_what_an_exclamation_mark_names(string patterns, string path, bool matches) =>
        Assert.Equal(matches, Parse(patterns.Split(' ')).Match(Bytes(path)));

    [Theory]
    [InlineData("foo/bar", "/anything", true)]
    [InlineData("/foo/bar", "/foo", true)]
    [InlineData("/foo/bar", "/baz", false)]
    [InlineData("/foo/bar/baz", "/foo/qux", false)]
    [InlineData("/foo/*/qux", "/foo/bar/boo", false)]
    [InlineData("/foo/**/qux", "/foo/bar/boo/deeper", true)]
    [InlineData("/foo/**/qux", "/bar", false)]
    [InlineData("/foo", "/foo/bar/below", true)]
    [InlineData("/foo !/foo/bar", "/foo/bar", false)]
    public void Say_whether_something_below_may_match(string patterns, string path, bool below)
    {
        Parse(patterns.Split(' ')).Match(Bytes(path), out var found);
        Assert.Equal(below, found);
    }

    [Fact]
    public void Take_names_that_are_no_text_byte_by_byte()
    {
        byte[] path = [.. "/srv/a"u8, 0xff, 0xe2, 0x82, .. "z"u8];
        Assert.True(PathPatterns.Parse([[(byte)'a', 0xff, (byte)'*']], ignoresCase: false).Match(path));
        Assert.True(Parse("a???z").Match(path));
        Assert.False(Parse("a??z").Match(path));
        Assert.True(PathPatterns.Parse([[(byte)'A', 0xff, (byte)'*', (byte)'Z']], ignoresCase: true).Match(path));
        Assert.True(Parse("a[^b]*").Match(path));
    }

    [Fact]
    public void Match_nothing_where_there_are_none()
    {
        Assert.False(Parse("").Match("/x"u8, out var below));
        Assert.False(below);
    }

    [Fact]
    public void Bear_paths_of_any_depth_and_length()
    {
        var deep = Bytes(string.Concat(Enumerable.Repeat("/d", 2000)) + "/" + new string('n', 255));
        Assert.True(Parse("d/**/n*").Match(deep));
        Assert.True(PathPatterns.Parse([Bytes("D/**/N*N")], ignoresCase: true).Match(deep));
        Assert.False(Parse("d/**/m*").Match(deep));
    }

    private static PathPatterns Parse(params string[] patterns) => PathPatterns.Parse(patterns.Select(Bytes), ignoresCase: false);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
