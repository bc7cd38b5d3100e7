namespace Kedge.Plan.Reading;

/// <summary>The keys that lead to a value. A chain, so that a deep plan costs one object for each value and text only where it is printed.</summary>
internal sealed class KeyPath
{
    private readonly KeyPath? parent;
    private readonly string key;
    private readonly int index;

    private KeyPath(KeyPath? parent, string key, int index)
    {
        this.parent = parent;
        this.key = key;
        this.index = index;
    }

    public static KeyPath Root { get; } = new(null, "", -1);

    public KeyPath Key(string name) => new(this, name, -1);

    public KeyPath Item(int position) => new(this, "", position);

    /// <summary>This path and those that hold it, the innermost first, without the root.</summary>
    public IEnumerable<KeyPath> Outwards()
    {
        for (var path = this; path.parent is not null; path = path.parent)
        {
            yield return path;
        }
    }

    public override string ToString()
    {
        var text = new System.Text.StringBuilder();
        foreach (var path in Outwards().Reverse())
        {
            if (path.index >= 0)
            {
                text.Append('[').Append(path.index).Append(']');
            }
            else
            {
                text.Append(text.Length > 0 ? "." : "").Append(Quote.Key(path.key));
            }
        }

        return text.ToString();
    }
}
