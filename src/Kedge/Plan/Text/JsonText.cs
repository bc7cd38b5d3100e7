using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kedge.Plan.Text;

/// <summary>
/// JSON, indented by two spaces, in the one spelling that is also YAML to every reader: nothing is escaped that need not
/// be, and no character outside the first plane is cut into surrogate escapes.
/// </summary>
internal static class JsonText
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
    [
        '"', '\\', '\u2028', '\u2029', '\uFEFF', '\uFFFE', '\uFFFF',
        .. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x22)).Select(c => (char)c),
    ]);

    public static void Write(StringBuilder text, object value) => Write(text, value, 0);

    public static string Of(object value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object value, int depth)
    {
        switch (value)
        {
            case TreeMap { Entries.Count: 0 }:
                text.Append("{}");
                break;
            case TreeMap map:
                Block(text, '{', '}', map.Entries, depth, entry =>
                {
                    Quoted(text, entry.Key);
                    text.Append(": ");
                    Write(text, entry.Value, depth + 1);
                });
                break;
            case IReadOnlyCollection<object> items when items.All(i => i is string or long or bool):
                text.Append('[');
                var separator = "";
                foreach (var item in items)
                {
                    text.Append(separator);
                    Write(text, item, depth + 1);
                    separator = ", ";
                }

                text.Append(']');
                break;
            case IReadOnlyCollection<object> items:
                Block(text, '[', ']', items, depth, item => Write(text, item, depth + 1));
                break;
            case string plain:
                Quoted(text, plain);
                break;
            case bool flag:
                text.Append(flag ? "true" : "false");
                break;
            case long number:
                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                throw new ArgumentException($"no JSON for {value.GetType().Name}", nameof(value));
        }
    }

    private static void Block<T>(StringBuilder text, char open, char close, IReadOnlyCollection<T> items, int depth, Action<T> write)
    {
        text.Append(open);
        var separator = "";
        foreach (var item in items)
        {
            text.Append(separator).Append('\n').Append(' ', (depth + 1) * 2);
            write(item);
            separator = ",";
        }

        text.Append('\n').Append(' ', depth * 2).Append(close);
    }

    private static void Quoted(StringBuilder text, string value)
    {
        text.Append('"');
        if (!value.AsSpan().ContainsAny(Escaped))
        {
            text.Append(value).Append('"');
            return;
        }

        foreach (var c in value)
        {
            switch (c)
            {
                case '"':
                    text.Append("\\\"");
                    break;
                case '\\':
                    text.Append("\\\\");
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case var _ when Escaped.Contains(c):
                    text.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }

        text.Append('"');
    }
}
