using System.Net.Http.Headers;
using System.Text;
using Kedge.Vault.Backends.Http;

namespace Kedge.Vault.Backends.Rest;

/// <summary>A vault behind a REST server.</summary>
internal sealed class RestLocation : VaultLocation
{
    private const int UsualConnections = 8;

    private readonly Uri address;
    private readonly string userInfo;

    private RestLocation(Uri address, string userInfo) => (this.address, this.userInfo) = (address, userInfo);

    /// <param name="text">What stands behind <c>rest:</c>.</param>
    internal static RestLocation After(string text)
    {
        var given = AddressOf(text, "rest:https://host/path/");
        var bare = new UriBuilder(given) { UserName = "", Password = "", Path = given.AbsolutePath.TrimEnd('/') + "/" };
        return new(bare.Uri, given.UserInfo);
    }

    public override string ToString() => $"rest:{address.AbsoluteUri}";

    internal override IBackend OpenBare(BackendOptions options, TimeProvider time)
    {
        RefuseRetention(options);
        var connections = options.Connections ?? UsualConnections;
        var transport = HttpTransport.Connect(options, time);
        return new RestBackend(address, Credentials(options.Environment), transport, ToString(), connections, HttpTransport.StallLimitOf(options, connections), time);
    }

    private AuthenticationHeaderValue? Credentials(Func<string, string?> environment)
    {
        var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
        var (user, password) = userInfo.Length == 0
            ? (environment("RESTIC_REST_USERNAME") ?? "", environment("RESTIC_REST_PASSWORD") ?? "")
            : colon < 0
                ? (Uri.UnescapeDataString(userInfo), "")
                : (Uri.UnescapeDataString(userInfo[..colon]), Uri.UnescapeDataString(userInfo[(colon + 1)..]));
        return user.Length == 0 && password.Length == 0
            ? null
            : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    }
}
