namespace Kedge.Vault.Format;

/// <summary>Texts that are mostly the one before, such as the owners of files: made once.</summary>
internal sealed class RepeatedText
{
    private const int LongestKept = 256;
    private byte[] last = [];
    private string text = "";

    /// <param name="raw">The content of a JSON string.</param>
    /// <returns>Null where it is no text.</returns>
    public string? Decode(ReadOnlySpan<byte> raw)
    {
        if (raw.SequenceEqual(last))
        {
            return text;
        }

        if (JsonText.Decode(raw) is not { } decoded)
        {
            return null;
        }

        if (raw.Length <= LongestKept)
        {
            (last, text) = (raw.ToArray(), decoded);
        }

        return decoded;
    }
}
