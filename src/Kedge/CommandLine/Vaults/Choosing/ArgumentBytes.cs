using System.Text;
using Kedge.CommandLine.Terminals;

namespace Kedge.CommandLine.Vaults.Choosing;

/// <summary>
/// Arguments as the bytes that they were: names of files need not be UTF-8, and what is not is lost in strings, where
/// U+FFFD stands for it. One object for one command.
/// </summary>
internal sealed class ArgumentBytes(CommandHost host)
{
    private const char Lost = '\uFFFD';

    private List<byte[]>? raw;

    public byte[] Of(string argument)
    {
        var bytes = Encoding.UTF8.GetBytes(argument);
        if (!argument.Contains(Lost, StringComparison.Ordinal))
        {
            return bytes;
        }

        raw ??= [.. host.RawArguments()];
        for (var i = 0; i < raw.Count; i++)
        {
            if (ValueIn(raw[i], argument) is { } found)
            {
                // Two that look alike are taken in the order in which they stand.
                raw.RemoveAt(i);
                return found;
            }
        }

        return bytes;
    }

    /// <summary>The argument itself, or what stands behind <c>--option=</c>.</summary>
    private static byte[]? ValueIn(byte[] raw, string argument)
    {
        var text = Encoding.UTF8.GetString(raw);
        if (text == argument)
        {
            return raw;
        }

        var equals = raw.AsSpan().IndexOf((byte)'=');
        return equals > 0 && raw[0] == '-' && text.EndsWith(argument, StringComparison.Ordinal) && Encoding.UTF8.GetString(raw.AsSpan(equals + 1)) == argument
            ? raw[(equals + 1)..] : null;
    }
}
