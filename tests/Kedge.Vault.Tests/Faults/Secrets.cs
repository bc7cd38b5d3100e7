using Kedge.Vault.Backends;
using Kedge.Vault.Crypto;
using Kedge.Vault.Tests.Snapshots;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>Keys are not left behind in memory, and passwords not in messages.</summary>
public sealed class Secrets
{
    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    /// <summary>A process backs up and restores, and looks through all of its own memory before and after it closes the vault.</summary>
    [Fact]
    public async Task No_key_is_in_memory_once_a_vault_is_closed()
    {
        using var scene = await FaultScene.MakeAsync(11);
        var folder = await scene.CopyAsync();
        using var host = HostRun.Start("look-for-keys", folder, "none", scene.Source, $"{folder}-restored");
        var end = await host.EndAsync(Ends);
        Assert.True(end.ExitCode == 0, end.Errors);
        var open = end.After("open").Single();
        Assert.Matches(@"\[encryption, [1-9]\d*\] \[k, [1-9]\d*\] \[r, [1-9]\d*\]", open);
        Assert.Equal("[encryption, 0] [k, 0] [r, 0]", end.After("closed").Single());
    }

    [Fact]
    public void A_key_that_was_disposed_of_cannot_be_used()
    {
        var key = MasterKey.Create();
        key.Dispose();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Encryption.Length);
    }

    [Fact]
    public async Task A_wrong_password_is_not_repeated()
    {
        await using var folder = await FolderVault.MakeAsync();
        var refusal = await Assert.ThrowsAsync<VaultException>(() => folder.OpenAsync("a password that is wrong"));
        Assert.Equal(VaultFault.WrongPassword, refusal.Fault);
        Assert.DoesNotContain("a password", $"{refusal} {refusal.Hint}");
    }

    /// <summary>Whatever a location with a password in it comes to: a server that is not there, or a text that is none.</summary>
    [Theory]
    [InlineData("rest:http://ann:s3cr3t@127.0.0.1:1/vault/")]
    [InlineData("rest:http://ann:s3cr3t@127.0.0.1:1/vault?x")]
    [InlineData("rest:http://ann:s3cr3t@/")]
    [InlineData("http://ann:s3cr3t@127.0.0.1:1/")]
    [InlineData("sftp:ann:s3cr3t@127.0.0.1:/vault")]
    [InlineData("rest://ann:s3cr3t@127.0.0.1/")]
    [InlineData("s3:http://ann:s3cr3t@127.0.0.1:1/bucket")]
    public async Task A_password_in_a_location_is_not_repeated(string location)
    {
        var refusal = await Assert.ThrowsAsync<VaultException>(async () =>
        {
            var options = new BackendOptions { RetryFor = TimeSpan.Zero, Environment = name => name.Contains("KEY", StringComparison.Ordinal) ? "AKs3cr3t" : null };
            await using var vault = await VaultRepository.OpenAsync(VaultLocation.Parse(location).Open(options, TimeProvider.System), "".AsMemory(), TimeProvider.System, Ends);
        });
        Assert.DoesNotContain("s3cr3t", $"{refusal} {refusal.Hint} {refusal.InnerException}");
    }
}
