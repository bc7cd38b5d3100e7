namespace Kedge.Vault.Backup;

/// <summary>How a file compares with the parent snapshot.</summary>
public enum BackupAct
{
    New,
    Changed,
    Unchanged,
}
