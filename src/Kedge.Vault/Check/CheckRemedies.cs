namespace Kedge.Vault.Check;

/// <summary>What to do about what a check finds.</summary>
internal static class CheckRemedies
{
    internal const string Index = "Run 'kedge vault repair index', which makes the index anew from the packs.";

    internal const string WholeIndex =
        "Before anything else run 'kedge vault repair index', which lists these packs again; then check again. Only then is it known whether anything is lost.";

    internal const string Pack = "Run 'kedge vault repair packs' with its id, which keeps what is good of it; with --from another vault it takes what is lost from there.";

    internal const string MissingPack =
        "Bring it back if it was moved. Otherwise run 'kedge vault repair packs' with its id and --from a vault that has a copy, or 'kedge vault repair index' and then 'kedge vault repair snapshots', which drops what is lost.";

    internal const string Blob =
        "Back up again: where the files still are as they were, what is missing is stored anew. Or run 'kedge vault repair packs --from' a vault that has a copy. What stays lost is dropped by 'kedge vault repair snapshots'.";

    internal const string Tree = "Run 'kedge vault repair snapshots', which drops what is wrong and keeps the rest.";

    internal const string Snapshot = "Its files are lost unless another snapshot or vault has them. Remove it with 'kedge vault forget', or take it from another vault with 'kedge vault copy'.";

    internal const string Key = "Remove it with 'kedge vault key remove', and add its password again with 'kedge vault key add'.";

    internal const string Lock = "If that process is dead, remove its lock with 'kedge vault unlock'.";
}
