using System.Text;
using Kedge.Vault.Format;
using Xunit;

namespace Kedge.Vault.Tests.Format;

public sealed class NamesInQuotes
{
    [Theory]
    [InlineData("plain name.txt", "plain name.txt")]
    [InlineData("a\"b\\c'", "a\\\\\\\"b\\\\\\\\c'")]
    [InlineData("\a\b\f\n\r\t\v", "\\\\a\\\\b\\\\f\\\\n\\\\r\\\\t\\\\v")]
    [InlineData("\u0001\u007f\u0085\u00a0\u2028\ufeff", "\\\\x01\\\\x7f\\\\u0085\\\\u00a0\\\\u2028\\\\ufeff")]
    [InlineData("<&>", "\\u003c\\u0026\\u003e")]
    [InlineData("ünï日本 😀\ufffd", "ünï日本 😀\ufffd")]
    [InlineData("\U000e0001", "\\\\U000e0001")]
    public void Are_what_Go_makes_of_them(string name, string json)
    {
        using var buffer = new JsonBuffer(16);
        GoQuote.Append(buffer, Encoding.UTF8.GetBytes(name));
        Assert.Equal($"\"{json}\"", Encoding.UTF8.GetString(buffer.Written.Span));
    }

    [Fact]
    public void Come_back_as_they_were_whatever_their_bytes()
    {
        var random = new Random(11);
        var node = new TreeNode();
        using var buffer = new JsonBuffer(16);
        for (var round = 0; round < 5000; round++)
        {
            var name = new byte[random.Next(20)];
            random.NextBytes(name);
            buffer.Clear();
            GoQuote.Append(buffer, name);
            Assert.True(node.TrySetQuotedName(buffer.Written.Span[1..^1]));
            Assert.Equal(name, node.Name.ToArray());
        }
    }

    [Theory]
    [InlineData("plain.txt", "plain.txt")]
    [InlineData("日本", "日本")]
    [InlineData("", "\"\"")]
    [InlineData(" x", "\" x\"")]
    [InlineData("\u001b[2J", "\"\\x1b[2J\"")]
    [InlineData("a\"b", "\"a\\\"b\"")]
    [InlineData("\u202egnp.exe", "\"\\u202egnp.exe\"")]
    public void Are_told_to_people_without_harm(string name, string told) => Assert.Equal(told, GoQuote.Describe(Encoding.UTF8.GetBytes(name)));
}
