using Kedge.Vault.Files;
using Kedge.Vault.Restore;
using Kedge.Vault.Tests.Interop;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Restore;

/// <summary>Somebody who may write in the target puts links to elsewhere in place of its folders and files, again and again, while root restores there.</summary>
public sealed class WhileSomebodySwapsFolders
{
    private const int Restores = 40;
    private const int Files = 30;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_touched_outside_of_the_target(bool delete)
    {
        await using var vault = await FolderVault.MakeAsync();
        var data = vault.Beside("data");
        using (var top = HandMade.At(data))
        {
            Fill(top, 1);
        }

        var backup = (await vault.BackUpAsync(data)).WithoutProblems();
        var tree = await vault.FolderAsync(backup, data);
        using (var outside = HandMade.At(vault.Beside("outside")))
        {
            Fill(outside, 2);
            outside.File("only here");
        }

        var before = SeenTree.Of(vault.Beside("outside"));
        var changed = before.Entries.ToDictionary(e => e.Key, e => e.Value.Changed);
        using var stop = new CancellationTokenSource();
        var target = vault.Beside("restored");
        Directory.CreateDirectory(target);
        var swaps = Enumerable.Range(0, 2).Select(n => Task.Factory.StartNew(() => Swap(target, vault.Beside("outside"), n, stop.Token), TaskCreationOptions.LongRunning)).ToList();
        for (var round = 0; round < Restores; round++)
        {
            var overwrite = (Overwrite)(round % 3);
            await vault.Vault.RestoreAsync(tree, target, w => w with { Overwrite = overwrite, Delete = delete });
        }

        await stop.CancelAsync();
        await Task.WhenAll(swaps);
        var after = SeenTree.Of(vault.Beside("outside"));
        SeenTree.MustBeSame(before, after);
        // Hard links that were made to its files have changed these, and nothing else there.
        Assert.All(after.Entries.Where(e => e.Value.Kind == "Folder"), e => Assert.Equal(changed[e.Key], e.Value.Changed));
    }

    private static void Fill(HandMade top, int seed)
    {
        foreach (var name in new[] { "a", "b" })
        {
            using var folder = top.Folder(name);
            using var below = folder.Folder("below");
            for (var file = 0; file < Files; file++)
            {
                folder.File($"{file}", EveryKind.Content(3000, (seed * 1000) + file));
                below.File($"{file}", EveryKind.Content(3000, (seed * 2000) + file));
            }

            folder.Permissions("below", 0x1ff);
        }
    }

    private static void Swap(string target, string outside, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        using var top = HandMade.At(target);
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            var (name, aside) = (random.Next(2) == 0 ? "a" : "b", $"aside {seed} {round % 5}");
            if (top.Handle.OpenFolder(HandMade.Bytes(name), out var folder) != Errno.None)
            {
                top.Handle.Remove(HandMade.Bytes(name));
                continue;
            }

            using (folder)
            {
                switch (random.Next(3))
                {
                    case 0:
                        top.Handle.Rename(HandMade.Bytes(name), top.Handle, HandMade.Bytes(aside));
                        top.Handle.MakeLink(HandMade.Bytes(name), HandMade.Bytes($"{outside}/{name}"));
                        break;
                    case 1:
                        folder.Rename("below"u8, folder, HandMade.Bytes(aside));
                        folder.MakeLink("below"u8, HandMade.Bytes($"{outside}/{name}/below"));
                        break;
                    default:
                        var file = HandMade.Bytes($"{random.Next(Files)}");
                        if (FolderHandle.Open(HandMade.Bytes($"{outside}/{name}"), out var other) == Errno.None)
                        {
                            using (other)
                            {
                                folder.Remove(file);
                                other.MakeHardLink(file, folder, file);
                            }
                        }

                        break;
                }
            }
        }
    }
}
