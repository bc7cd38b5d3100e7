namespace Kedge.Vault.Backup;

/// <summary>A piece of work that any thread of a backup may do.</summary>
internal abstract class BackupWork
{
    internal abstract void Do(BackupCrew crew, BackupHand hand);
}
