using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Http;

/// <summary>A header's value as the plan has it: text, a reference to a secret, or text that ends with one (<c>Bearer env:TOKEN</c>).</summary>
internal sealed record HeaderValue(string Text, SecretReference? Secret)
{
    public static HeaderValue Parse(string text)
    {
        var word = text.LastIndexOf(' ') + 1;
        return SecretReference.TryParse(text[word..], out var secret) ? new(text[..word], secret) : new(text, null);
    }

    /// <summary>Throws <see cref="DriverException"/> where the secret cannot be had.</summary>
    public string Reveal(ISecretReader secrets) => Secret is null ? Text : Text + secrets.Read(Secret);
}
