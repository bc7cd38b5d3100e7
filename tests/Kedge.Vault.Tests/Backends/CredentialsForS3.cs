using Kedge.Vault.Backends.S3;
using Kedge.Vault.Tests.Servers;
using Xunit;

namespace Kedge.Vault.Tests.Backends;

public sealed class CredentialsForS3
{
    private static readonly Uri Elsewhere = new("https://storage.example/");

    [Fact]
    public async Task Come_from_the_environment_first()
    {
        var found = await S3Credentials.Find(Elsewhere, Given("AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=secret")).GetCredentialsAsync();
        Assert.Equal(("key", "secret", ""), (found.AccessKey, found.SecretKey, found.Token ?? ""));
        found = await S3Credentials.Find(Elsewhere, Given("AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=secret", "AWS_SESSION_TOKEN=token")).GetCredentialsAsync();
        Assert.Equal("token", found.Token);
    }

    [Fact]
    public async Task Come_from_the_file_next()
    {
        using var folder = new TestFolder();
        var file = Path.Join(folder.Path, "credentials");
        File.WriteAllText(file, """
            [default]
            aws_access_key_id = key
            aws_secret_access_key = secret
            [other]
            aws_access_key_id = other
            aws_secret_access_key = secret2
            """);
        Assert.Equal("key", (await S3Credentials.Find(Elsewhere, Given($"AWS_SHARED_CREDENTIALS_FILE={file}")).GetCredentialsAsync()).AccessKey);
        Assert.Equal("other", (await S3Credentials.Find(Elsewhere, Given($"AWS_SHARED_CREDENTIALS_FILE={file}", "AWS_PROFILE=other")).GetCredentialsAsync()).AccessKey);
        var failure = Assert.Throws<VaultException>(() => S3Credentials.Find(Elsewhere, Given($"AWS_SHARED_CREDENTIALS_FILE={file}", "AWS_PROFILE=third")));
        Assert.Equal(VaultFault.Denied, failure.Fault);
    }

    [Theory]
    [InlineData("AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY")]
    [InlineData("AWS_SECRET_ACCESS_KEY=very-secret", "AWS_ACCESS_KEY_ID")]
    [InlineData("", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")]
    public void That_are_missing_are_named(string given, string named)
    {
        var failure = Assert.Throws<VaultException>(() => S3Credentials.Find(Elsewhere, Given(given, "AWS_SHARED_CREDENTIALS_FILE=/nowhere")));
        Assert.Equal(VaultFault.Denied, failure.Fault);
        Assert.Contains(named, $"{failure.Message} {failure.Hint}");
        Assert.DoesNotContain("very-secret", failure.ToString());
    }

    [Theory]
    [InlineData("https://storage.example/", "", "us-east-1", null)]
    [InlineData("https://s3.amazonaws.com/", "", "us-east-1", null)]
    [InlineData("https://s3.eu-central-1.amazonaws.com/", "", "eu-central-1", "eu-central-1")]
    [InlineData("https://s3.eu-central-1.amazonaws.com/", "AWS_REGION=eu-west-1", "eu-west-1", "eu-west-1")]
    [InlineData("https://storage.example/", "AWS_DEFAULT_REGION=here", "here", null)]
    public void Are_for_a_region(string endpoint, string given, string region, string? forNewBuckets)
    {
        Assert.Equal(region, S3Credentials.RegionOf(new(endpoint), Given(given)));
        Assert.Equal(forNewBuckets, S3Credentials.BucketRegionOf(new(endpoint), Given(given)));
    }

    private static Func<string, string?> Given(params string[] variables)
    {
        var all = variables.Where(v => v.Length > 0).Select(v => v.Split('=', 2)).DistinctBy(v => v[0]).ToDictionary(v => v[0], v => v[1]);
        return all.GetValueOrDefault;
    }
}
