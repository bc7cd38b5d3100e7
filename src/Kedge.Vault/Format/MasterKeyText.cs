using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using Kedge.Vault.Crypto;

namespace Kedge.Vault.Format;

/// <summary>
/// The master key as the JSON that a key file seals: <c>{"mac":{"k":…,"r":…},"encrypt":…}</c> in base64. Secrets stand
/// nowhere but in the caller's memory and on the stack, from which they are wiped.
/// </summary>
internal static class MasterKeyText
{
    internal const int Length = 128;
    private const string What = "a key's sealed content";

    /// <param name="json">Exactly <see cref="Length"/> bytes.</param>
    internal static void Write(MasterKey key, Span<byte> json)
    {
        var at = 0;
        Put("{\"mac\":{\"k\":\""u8, json, ref at);
        PutBase64(key.MacK, json, ref at);
        Put("\",\"r\":\""u8, json, ref at);
        PutBase64(key.MacR, json, ref at);
        Put("\"},\"encrypt\":\""u8, json, ref at);
        PutBase64(key.Encryption, json, ref at);
        Put("\"}"u8, json, ref at);
        Debug.Assert(at == Length, "the length of the text does not depend on the key");
    }

    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>.</exception>
    internal static MasterKey Parse(ReadOnlySpan<byte> json)
    {
        Span<byte> encryption = stackalloc byte[MasterKey.EncryptionKeySize];
        Span<byte> k = stackalloc byte[MasterKey.MacKeySize], r = stackalloc byte[MasterKey.MacKeySize];
        try
        {
            encryption.Clear();
            k.Clear();
            r.Clear();
            var fields = new JsonFields(json, What);
            if (fields.TryEnter())
            {
                while (fields.Next())
                {
                    if (fields.Is("encrypt"u8))
                    {
                        fields.Base64(encryption);
                    }
                    else if (!fields.Is("mac"u8))
                    {
                        fields.Raw();
                    }
                    else if (fields.TryEnter())
                    {
                        ParseMac(ref fields, k, r);
                    }
                }
            }

            fields.End();
            return new(encryption, k, r);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(encryption);
            CryptographicOperations.ZeroMemory(k);
            CryptographicOperations.ZeroMemory(r);
        }
    }

    private static void ParseMac(ref JsonFields fields, scoped Span<byte> k, scoped Span<byte> r)
    {
        while (fields.Next())
        {
            if (fields.Is("k"u8))
            {
                fields.Base64(k);
            }
            else if (fields.Is("r"u8))
            {
                fields.Base64(r);
            }
            else
            {
                fields.Raw();
            }
        }
    }

    private static void Put(ReadOnlySpan<byte> text, Span<byte> json, ref int at)
    {
        text.CopyTo(json[at..]);
        at += text.Length;
    }

    private static void PutBase64(ReadOnlySpan<byte> secret, Span<byte> json, ref int at)
    {
        Base64.EncodeToUtf8(secret, json[at..], out _, out var written);
        at += written;
    }
}
