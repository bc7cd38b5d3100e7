using System.Text.Json.Nodes;
using Kedge.CommandLine;
using Kedge.Vault;
using Kedge.Vault.Backends;
using Kedge.Vault.Format;

namespace Kedge.Tests.CommandLine.Vaults;

/// <summary>A vault in a folder of its own, and files to back up; commands about it are given without its name and password.</summary>
internal sealed class TypedVault : IDisposable
{
    public TypedVault(bool init = true)
    {
        Typed = new(plan: null);
        File.WriteAllText(PasswordFile, "correct horse\n");
        Typed.Environment["KEDGE_VAULT_REPO"] = Location;
        Typed.Environment["KEDGE_VAULT_PASSWORD_FILE"] = PasswordFile;
        Write("a/one.txt", "one");
        Write("a/two.o", "two");
        Write("b/three.txt", "three");
        if (init)
        {
            // As kedge vault init makes it, but for the time that its key takes: each command pays it.
            var storage = VaultLocation.Parse(Location).Open(new(), TimeProvider.System);
            var wanted = new NewVault { Password = "correct horse".AsMemory(), Owner = new(GoTime.None, "", ""), Cost = new(2, 8, 1) };
            VaultRepository.InitAsync(storage, wanted, TimeProvider.System, CancellationToken.None).GetAwaiter().GetResult().DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    public Typed Typed { get; }

    public string Location => Path.Combine(Typed.Folder, "vault");

    public string PasswordFile => Path.Combine(Typed.Folder, "password");

    public string Source => Path.Combine(Typed.Folder, "source");

    public string Target => Path.Combine(Typed.Folder, "target");

    public string Output => Typed.Output;

    public string Error => Typed.Error;

    /// <summary>Standard output as JSON messages, a line each.</summary>
    public IReadOnlyList<JsonNode> Messages => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];

    public void Write(string path, string content)
    {
        var full = Path.Combine(Source, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    /// <summary>Gives <c>kedge vault LINE</c>; SOURCE and TARGET stand for the folders.</summary>
    public int Give(string line) => Typed.Give($"vault {line}".Replace("SOURCE", Source, StringComparison.Ordinal).Replace("TARGET", Target, StringComparison.Ordinal));

    /// <summary>The same, and it must succeed.</summary>
    public TypedVault Done(string line)
    {
        var code = Give(line);
        return code == ExitCodes.Fine ? this : throw new InvalidOperationException($"kedge vault {line} ended with {code}: {Error}");
    }

    public void Dispose() => Typed.Dispose();
}
