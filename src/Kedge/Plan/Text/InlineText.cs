using System.Text;

namespace Kedge.Plan.Text;

/// <summary>A value on one line, as it would stand in a plan.</summary>
internal static class InlineText
{
    private const int Longest = 120;

    /// <summary>Cut off where it is too long for a line.</summary>
    public static string Of(object value)
    {
        var text = new StringBuilder();
        Append(text, value);
        if (text.Length > Longest)
        {
            text.Length = char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest;
            text.Append('…');
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, object value)
    {
        switch (value)
        {
            case TreeMap { Entries.Count: 0 }:
                text.Append("{}");
                break;
            case TreeMap map:
                Between(text, "{ ", " }", map.Entries, e =>
                {
                    text.Append(e.Key).Append(": ");
                    Append(text, e.Value);
                });
                break;
            case IReadOnlyCollection<object> items:
                Between(text, "[", "]", items, item => Append(text, item));
                break;
            case string plain when plain.Any(char.IsControl):
                JsonText.Write(text, plain);
                break;
            case bool flag:
                text.Append(flag ? "true" : "false");
                break;
            default:
                text.Append(value);
                break;
        }
    }

    private static void Between<T>(StringBuilder text, string open, string close, IReadOnlyCollection<T> items, Action<T> append)
    {
        text.Append(open);
        var separator = "";
        foreach (var item in items)
        {
            text.Append(separator);
            append(item);
            separator = ", ";
        }

        text.Append(close);
    }
}
