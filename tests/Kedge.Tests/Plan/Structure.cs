using System.Collections;
using System.Reflection;
using System.Text;
using Kedge.Plan.Contracts;

namespace Kedge.Tests.Plan;

/// <summary>All that an object of the model holds, as text, so that two can be compared in depth.</summary>
internal static class Structure
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Append(text, value, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value, int depth)
    {
        switch (value)
        {
            case null or string or bool or Enum or ValueType and not IEnumerable:
                text.Append($"{value?.GetType().Name} {value}\n");
                break;
            case OptionValues options:
                Lines(text, options.Names.Select(n => (n, (object?)options[n])), depth);
                break;
            case IDictionary map:
                Lines(text, map.Keys.Cast<object>().Select(k => (k.ToString()!, map[k])).OrderBy(e => e.Item1, StringComparer.Ordinal), depth);
                break;
            case IEnumerable items:
                Lines(text, items.Cast<object>().Select((item, i) => ($"{i}", (object?)item)), depth);
                break;
            default:
                Lines(text, value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .Where(p => p.GetIndexParameters().Length == 0 && p.Name is not "AllSites").Select(p => (p.Name, p.GetValue(value))), depth);
                break;
        }
    }

    private static void Lines(StringBuilder text, IEnumerable<(string Name, object? Value)> entries, int depth)
    {
        text.Append('\n');
        foreach (var (name, value) in entries)
        {
            text.Append(' ', depth * 2).Append(name).Append(": ");
            Append(text, value, depth + 1);
        }
    }
}
