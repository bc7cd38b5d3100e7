using Kedge.Vault.Backup;
using Kedge.Vault.Files;
using Kedge.Vault.Format;
using Kedge.Vault.Snapshots;
using Kedge.Vault.Tests.Servers;
using Kedge.Vault.Tests.Snapshots;

namespace Kedge.Vault.Tests.Browse;

/// <summary>Files of every kind, with names that .NET itself cannot make, and their backup by us or by restic.</summary>
internal static class SampleTree
{
    private const string Script = """
        set -e
        mkdir -p "$1" && cd "$1"
        mkdir -p docs/deep/deeper photos 'empty folder' sticky
        printf 'hello\n' > docs/readme.txt
        printf 'HELLO\n' > docs/README.TXT
        : > docs/nothing
        head -c 3000000 /dev/zero | openssl enc -aes-128-ctr -nosalt -K 00112233445566778899aabbccddeeff -iv 00000000000000000000000000000000 > photos/large.jpg 2>/dev/null || head -c 3000000 /dev/urandom > photos/large.jpg
        head -c 200000 /dev/zero > photos/zeros
        ln photos/large.jpg docs/deep/also-large.jpg
        ln -s ../readme.txt docs/deep/link
        ln -s "$(printf 'n%.0s' $(seq 150))" docs/deep/long-link
        ln -s "$(printf 'to \377')" docs/deep/odd-link
        printf x > "$(printf 'docs/new\nline')"
        printf y > "$(printf 'docs/bad\377byte')"
        printf z > 'docs/grüße.txt'
        printf l > "docs/deep/deeper/$(printf 'a%.0s' $(seq 120))"
        mkdir -p "docs/deep/deeper/$(printf 'b%.0s' $(seq 200))/$(printf 'c%.0s' $(seq 200))"
        printf l > "docs/deep/deeper/$(printf 'b%.0s' $(seq 200))/$(printf 'c%.0s' $(seq 200))/end"
        mkfifo docs/pipe
        chmod 4755 docs/readme.txt
        chmod 1777 sticky
        if [ "$(id -u)" = 0 ]; then mknod docs/tty c 5 300; mknod docs/disk b 259 70000; chown 3000000:1234 docs/nothing; fi
        touch -d '1969-12-31T23:59:58.25Z' docs/nothing
        touch -d '2024-02-29T12:00:00.123456789Z' docs/readme.txt docs
        """;

    internal static async Task MakeAsync(string folder) =>
        (await Programs.RunAsync("/bin/bash", ["-c", Script, "make", folder], new Dictionary<string, string?>(), CancellationToken.None)).Succeeded();

    /// <summary>Runs a line of shell in the folder.</summary>
    internal static async Task ChangeAsync(string folder, string line) =>
        (await Programs.RunAsync("/bin/bash", ["-c", $"set -e; cd \"$1\"; {line}", "change", folder], new Dictionary<string, string?>(), CancellationToken.None)).Succeeded();

    internal static async Task<StoredSnapshot> BackUpAsync(FolderVault vault, string folder, params string[] tags)
    {
        var wanted = new BackupWanted { Paths = [PathBytes.Of(folder)], Hostname = "harbour", Username = "ann", Tags = tags, Threads = 2 };
        var outcome = await VaultBackup.RunAsync(vault.Vault, wanted, null, CancellationToken.None);
        return new(outcome.Snapshot!.Value, outcome.File);
    }

    internal static async Task<StoredSnapshot> BackUpByResticAsync(FolderVault vault, string version, string folder)
    {
        using var restic = vault.Restic(version);
        (await restic.RunAsync("backup", "--host", "harbour", folder)).Succeeded();
        return (await vault.ListAsync()).Snapshots[^1];
    }

    /// <summary>Every entry below a folder with all that an archive keeps, in order.</summary>
    internal static async Task<string[]> DescribeAsync(string folder)
    {
        const string line = "find . -mindepth 1 -printf '%p %y %m %U %G %T@ %n %l ' \\( -type f -exec sh -c 'sha256sum < \"$0\" | tr \"\\n\" \" \"' {} \\; -o -true \\) -printf '\\0' | sort -z";
        var end = await Programs.RunAsync("/bin/bash", ["-c", $"cd \"$1\" && LC_ALL=C {line}", "describe", folder], new Dictionary<string, string?>(), CancellationToken.None);
        return end.Succeeded().Split('\0');
    }

    internal static async Task<List<ListedEntryText>> ListAsync(FolderVault vault, ObjectId tree, Kedge.Vault.Browse.ListingWanted wanted)
    {
        var index = await vault.Vault.LoadIndexAsync(CancellationToken.None);
        var all = new List<ListedEntryText>();
        await foreach (var entry in Kedge.Vault.Browse.VaultListing.ListAsync(vault.Vault, index, tree, wanted, CancellationToken.None))
        {
            all.Add(ListedEntryText.Of(entry));
        }

        return all;
    }
}
