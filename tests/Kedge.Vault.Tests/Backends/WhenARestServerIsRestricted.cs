using Kedge.Vault.Backends;
using Kedge.Vault.Format;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Backends;

public sealed class WhenARestServerIsRestricted
{
    private const string Password = "p@ss/w:rd?#ü";

    [Fact]
    public async Task An_append_only_server_takes_everything_and_gives_up_nothing_but_locks()
    {
        await using var server = await RestServer.StartAsync("--append-only");
        await using var backend = server.Location("vault").OpenBare(new(), TimeProvider.System);
        await backend.PrepareAsync(CancellationToken.None);
        foreach (var kind in TestObject.NamedKinds.Append(ObjectKind.Config))
        {
            var stored = TestObject.Random(kind, 1000);
            await stored.SaveAsync(backend);
            await TestBackends.FailsAsync(VaultFault.AlreadyExists, () => stored.SaveAsync(backend));
            if (kind == ObjectKind.Lock)
            {
                await backend.RemoveAsync(stored.Name, CancellationToken.None);
                continue;
            }

            await TestBackends.FailsAsync(VaultFault.Denied, () => backend.RemoveAsync(stored.Name, CancellationToken.None));
            Assert.Equal(stored.Content, await backend.ReadAllAsync(stored.Name));
        }
    }

    [Fact]
    public async Task A_server_with_password_and_a_certificate_of_our_own_authority_is_used()
    {
        using var authority = new TestAuthority();
        await using var server = await RestServer.StartWithTlsAsync(authority, "kedge", Password);
        var options = new BackendOptions { CaCertificateFile = authority.CertificateFile };
        var pack = TestObject.Random(ObjectKind.Pack, 100_000);
        await using (var inLocation = At(server, $"kedge:{Uri.EscapeDataString(Password)}@").OpenBare(options, TimeProvider.System))
        {
            await inLocation.PrepareAsync(CancellationToken.None);
            await pack.SaveAsync(inLocation);
            Assert.Equal($"rest:{server.Address}vault/", inLocation.Traits.Location);
        }

        await using var inEnvironment = At(server, "").OpenBare(
            options with { Environment = name => name switch { "RESTIC_REST_USERNAME" => "kedge", "RESTIC_REST_PASSWORD" => Password, _ => null } },
            TimeProvider.System);
        Assert.Equal(pack.Content, await inEnvironment.ReadAllAsync(pack.Name));
    }

    [Fact]
    public async Task A_certificate_of_an_authority_that_nobody_named_is_refused()
    {
        using var authority = new TestAuthority();
        await using var server = await RestServer.StartWithTlsAsync(authority, "kedge", Password);
        using var stranger = new TestAuthority();
        foreach (var trusted in new[] { null, stranger.CertificateFile })
        {
            await using var backend = At(server, "").OpenBare(new() { CaCertificateFile = trusted }, TimeProvider.System);
            var failure = await TestBackends.FailsAsync(VaultFault.Denied, () => backend.LengthAsync(ObjectName.Config, CancellationToken.None));
            Assert.Contains("--cacert", failure.Hint);
        }
    }

    [Fact]
    public async Task A_wrong_password_is_told_without_it()
    {
        using var authority = new TestAuthority();
        await using var server = await RestServer.StartWithTlsAsync(authority, "kedge", Password);
        await using var backend = At(server, "kedge:quite-wrong@").OpenBare(new() { CaCertificateFile = authority.CertificateFile }, TimeProvider.System);
        foreach (var attempt in new Func<Task>[]
        {
            () => backend.PrepareAsync(CancellationToken.None),
            () => backend.ReadAsync(ObjectName.Config, 0, 1),
            () => backend.LengthAsync(ObjectName.Config, CancellationToken.None),
            () => backend.ListAllAsync(ObjectKind.Snapshot),
            () => TestObject.Random(ObjectKind.Config, 10).SaveAsync(backend),
        })
        {
            var failure = await TestBackends.FailsAsync(VaultFault.Denied, attempt);
            Assert.DoesNotContain("quite-wrong", $"{failure} {failure.Hint}");
        }
    }

    [Fact]
    public async Task A_quota_that_is_reached_is_told_as_that()
    {
        await using var server = await RestServer.StartAsync("--max-size", "300000");
        await using var backend = server.Location("vault").OpenBare(new(), TimeProvider.System);
        await backend.PrepareAsync(CancellationToken.None);
        await TestObject.Random(ObjectKind.Pack, 200_000).SaveAsync(backend);
        await TestBackends.FailsAsync(VaultFault.NoSpace, () => TestObject.Random(ObjectKind.Pack, 200_000, seed: 2).SaveAsync(backend));
        Assert.Single(await backend.ListAllAsync(ObjectKind.Pack));
    }

    [Fact]
    public async Task What_the_server_has_not_finished_is_left_out()
    {
        await using var server = await RestServer.StartAsync();
        await using var backend = server.Location("vault").OpenBare(new(), TimeProvider.System);
        await backend.PrepareAsync(CancellationToken.None);
        var snapshot = TestObject.Random(ObjectKind.Snapshot, 10);
        await snapshot.SaveAsync(backend);
        await File.WriteAllTextAsync(Path.Join(server.Folder, "vault", "snapshots", $"{snapshot.Name.Id}.rest-server-temp1"), "half");
        Assert.Equal([snapshot.Stored], await backend.ListAllAsync(ObjectKind.Snapshot));
    }

    [Fact]
    public async Task With_limits_all_still_arrives()
    {
        await using var server = await RestServer.StartAsync();
        await using var backend = server.Location("vault").Open(new() { UploadLimit = 1 << 20, DownloadLimit = 1 << 20, Connections = 1 }, TimeProvider.System);
        await backend.PrepareAsync(CancellationToken.None);
        var pack = TestObject.Random(ObjectKind.Pack, 5_000_000);
        await pack.SaveAsync(backend);
        Assert.Equal(pack.Content, await backend.ReadAllAsync(pack.Name));
    }

    private static VaultLocation At(RestServer server, string credentials) =>
        VaultLocation.Parse($"rest:https://{credentials}127.0.0.1:{server.Address.Port}/vault");
}
