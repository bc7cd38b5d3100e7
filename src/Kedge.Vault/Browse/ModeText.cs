namespace Kedge.Vault.Browse;

/// <summary>A node's mode as restic's listings show it, which is as Go prints an os.FileMode: "drwxr-xr-x", "urwxr-xr-x", "Lrwxrwxrwx".</summary>
public static class ModeText
{
    private const string Kinds = "dalTLDpSugct?";
    private const string Permissions = "rwxrwxrwx";

    /// <param name="mode">Go's: <see cref="Format.TreeNode.Mode"/>.</param>
    public static string Of(uint mode)
    {
        var text = new System.Text.StringBuilder(16);
        for (var i = 0; i < Kinds.Length; i++)
        {
            if ((mode & (1u << (31 - i))) != 0)
            {
                text.Append(Kinds[i]);
            }
        }

        if (text.Length == 0)
        {
            text.Append('-');
        }

        for (var i = 0; i < Permissions.Length; i++)
        {
            text.Append((mode & (1u << (8 - i))) != 0 ? Permissions[i] : '-');
        }

        return text.ToString();
    }
}
