namespace Kedge.Drivers.Secrets;

/// <summary>Takes secrets out of what programs print, before it is shown or journaled.</summary>
internal static class Redaction
{
    /// <summary>The text with every secret, and every line of a secret with several, replaced by three asterisks.</summary>
    internal static string Of(string text, IEnumerable<string> secrets)
    {
        foreach (var secret in secrets.SelectMany(s => s.Split('\n').Where(line => line.Length > 3).Append(s)).Where(s => s.Length > 0)
            .OrderByDescending(s => s.Length))
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        return text;
    }
}
