namespace Kedge.Vault.Snapshots;

/// <summary>
/// Tags that a snapshot shall have, all of them: what stands after one <c>--tag</c> or <c>--keep-tag</c>, separated by
/// commas. An empty one stands for having none.
/// </summary>
public sealed class TagList
{
    /// <param name="tags">May hold an empty one.</param>
    public TagList(IReadOnlyList<string> tags) => Tags = tags;

    public IReadOnlyList<string> Tags { get; }

    /// <summary>From <c>tag,tag</c>; space around a tag does not count.</summary>
    public static TagList Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new([.. text.Split(',').Select(tag => tag.Trim())]);
    }

    /// <summary>As restic has it: an empty tag is fulfilled, with all that stand after it, where there are no tags at all.</summary>
    public bool IsFulfilledBy(IReadOnlyList<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        foreach (var tag in Tags)
        {
            if (tag.Length == 0 && tags.Count == 0)
            {
                return true;
            }

            if (!tags.Contains(tag))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The tags of several lists that are none of nothing: what <c>--add</c> and <c>--remove</c> mean.</summary>
    public static IReadOnlyList<string> Flatten(IEnumerable<TagList> lists) => [.. lists.SelectMany(list => list.Tags).Where(tag => tag.Length > 0)];

    /// <summary>As restic shows it: <c>[a, b]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", Tags)}]";
}
