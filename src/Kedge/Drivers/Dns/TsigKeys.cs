using Kedge.Drivers.Dns.Wire;

namespace Kedge.Drivers.Dns;

/// <summary>Gets the key that signs updates, at the moment of use.</summary>
internal sealed class TsigKeys(ISecretReader secrets)
{
    /// <summary>Throws <see cref="DriverException"/>, without the secret, where it cannot be had or is no base64.</summary>
    public TsigKey Read(DnsSettings settings)
    {
        try
        {
            return new(settings.KeyName, settings.KeyAlgorithm, Convert.FromBase64String(secrets.Read(settings.Key)));
        }
        catch (FormatException)
        {
            throw new DriverException(
                $"the secret of TSIG key {settings.KeyName} at {settings.Key} is not base64",
                "put there what stands as secret in the name server's configuration, and nothing else");
        }
    }
}
