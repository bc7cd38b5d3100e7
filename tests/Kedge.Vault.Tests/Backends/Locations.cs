using Kedge.Vault.Backends;
using Xunit;

namespace Kedge.Vault.Tests.Backends;

public sealed class Locations
{
    [Theory]
    [InlineData("/srv/vault", "/srv/vault")]
    [InlineData("vault", "vault")]
    [InlineData("./a:b/vault", "./a:b/vault")]
    [InlineData("local:/srv/vault", "/srv/vault")]
    [InlineData("local:a:b", "local:a:b")]
    [InlineData("s3:https://host/bucket", "s3:https://host/bucket")]
    [InlineData("s3:https://host:7480/bucket/some/prefix", "s3:https://host:7480/bucket/some/prefix")]
    [InlineData("s3:http://[::1]:7480//bucket//some/prefix/", "s3:http://[::1]:7480/bucket/some/prefix")]
    [InlineData("s3:s3.amazonaws.com/bucket/prefix", "s3:https://s3.amazonaws.com/bucket/prefix")]
    [InlineData("s3://host:7480/bucket", "s3:https://host:7480/bucket")]
    [InlineData("s3:https://host/bucket/sp%20ace/ü", "s3:https://host/bucket/sp%20ace/%C3%BC")]
    [InlineData("rest:https://host/", "rest:https://host/")]
    [InlineData("rest:http://host:8000/a/b", "rest:http://host:8000/a/b/")]
    [InlineData("rest:https://user:p%40ss@host/a/", "rest:https://host/a/")]
    [InlineData("rest:https://user@host", "rest:https://host/")]
    public void Are_shown_without_credentials_and_read_again(string given, string shown)
    {
        Assert.Equal(shown, VaultLocation.Parse(given).ToString());
        Assert.Equal(shown, VaultLocation.Parse(shown).ToString());
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("local:", "has no name")]
    [InlineData("sftp:host:/srv", "sftp: is not supported")]
    [InlineData("b2:bucket", "b2: is not supported")]
    [InlineData("ftp:host", "ftp: is not known")]
    [InlineData("https://secret@host/path", "alone")]
    [InlineData("s3:", "no web address")]
    [InlineData("s3:https://host", "names no bucket")]
    [InlineData("s3:https://host/", "names no bucket")]
    [InlineData("s3:https://AKIA:secret@host/bucket", "do not belong in the location")]
    [InlineData("s3:https://host/bucket/%2e%2e/other/..%2f..", "has . or ..")]
    [InlineData("s3:https://host/bucket?x=secret", "has a ? or #")]
    [InlineData("rest:host/path", "no web address")]
    [InlineData("rest:ftp://host/path", "no web address")]
    [InlineData("rest:https://user:sec?ret@host/", "")]
    [InlineData("rest:https://user:secret@host/#x", "has a ? or #")]
    [InlineData("rest:https://user:secret@:80/", "no web address")]
    public void That_cannot_be_used_are_explained_without_repeating_secrets(string given, string reason)
    {
        var failure = Assert.Throws<VaultException>(() => VaultLocation.Parse(given));
        Assert.Equal(VaultFault.Misuse, failure.Fault);
        Assert.Contains(reason, failure.Message);
        Assert.DoesNotContain("sec", $"{failure.Message} {failure.Hint}");
    }

    [Fact]
    public void Options_that_do_not_fit_are_explained()
    {
        foreach (var (location, options) in new (string, BackendOptions)[]
        {
            ("/srv/vault", new() { Connections = 0 }),
            ("/srv/vault", new() { Connections = 65 }),
            ("/srv/vault", new() { UploadLimit = 0 }),
            ("/srv/vault", new() { DownloadLimit = -1 }),
            ("/srv/vault", new() { RetryFor = TimeSpan.FromSeconds(-1) }),
            ("/srv/vault", new() { StallLimit = TimeSpan.Zero }),
            ("/srv/vault", new() { Retention = new(1, RetentionMode.Governance) }),
            ("rest:https://host/", new() { Retention = new(1, RetentionMode.Governance) }),
            ("s3:https://host/bucket", new() { Retention = new(0, RetentionMode.Governance) }),
            ("rest:https://host/", new() { CaCertificateFile = "/nowhere.pem" }),
            ("rest:https://host/", new() { CaCertificateFile = "/etc/os-release" }),
        })
        {
            Assert.Equal(VaultFault.Misuse, Assert.Throws<VaultException>(() => VaultLocation.Parse(location).Open(options, TimeProvider.System)).Fault);
        }
    }
}
