namespace Kedge.Vault.Backends.S3;

/// <summary>A vault in a bucket.</summary>
internal sealed class S3Location : VaultLocation
{
    private const int UsualConnections = 16;
    private const string Example = "s3:https://host/bucket/prefix";

    private readonly Uri endpoint;
    private readonly string bucket;
    private readonly string prefix;

    private S3Location(Uri endpoint, string bucket, string prefix) =>
        (this.endpoint, this.bucket, this.prefix) = (endpoint, bucket, prefix);

    /// <param name="text">What stands behind <c>s3:</c>.</param>
    internal static S3Location After(string text)
    {
        var address = AddressOf(
            text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal) ? text : $"https://{text.TrimStart('/')}",
            Example);
        if (address.UserInfo.Length > 0)
        {
            throw Bad("credentials for S3 do not belong in the location", "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.");
        }

        var path = Uri.UnescapeDataString(address.AbsolutePath).Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.Length == 0)
        {
            throw Bad("the vault's location names no bucket", $"It looks like this: {Example}");
        }

        return path.Any(p => p is "." or "..")
            ? throw Bad("the vault's location has . or .. in its path", null)
            : new(new(address.GetLeftPart(UriPartial.Authority)), path[0], string.Join('/', path.Skip(1)));
    }

    public override string ToString() =>
        $"s3:{endpoint.GetLeftPart(UriPartial.Authority)}/{Uri.EscapeDataString(bucket)}{string.Concat(prefix.Split('/').Where(p => p.Length > 0).Select(p => "/" + Uri.EscapeDataString(p)))}";

    internal override IBackend OpenBare(BackendOptions options, TimeProvider time) =>
        new S3Backend(endpoint, bucket, prefix, ToString(), options.Connections ?? UsualConnections, options, time);
}
