namespace Kedge.Vault.Format;

/// <summary>
/// Fields that another program has put into an object, or a later version of the format: they stay when the object is
/// written anew.
/// </summary>
public sealed class UnknownFields
{
    private readonly List<(byte[] Name, byte[] Value)> fields = [];

    public int Count => fields.Count;

    internal void Add(ReadOnlySpan<byte> rawName, ReadOnlySpan<byte> rawValue) => fields.Add((rawName.ToArray(), rawValue.ToArray()));

    /// <summary>After at least one field.</summary>
    internal void WriteTo(JsonBuffer buffer)
    {
        foreach (var (name, value) in fields)
        {
            buffer.Append(",\""u8);
            buffer.Append(name);
            buffer.Append("\":"u8);
            buffer.Append(value);
        }
    }
}
